// A network is trained and used through what all learners share, so `import MLP` brings it along.
@_exported public import Learning
