// Whoever imports the trees also means the objective, the table and what every learner shares.
@_exported public import Learning
@_exported public import Losses
@_exported public import Tabular
