/// What to do where this library does not read a file: commands for a plain machine with Python and
/// h5py, which reads what libhdf5's own tools need plug-ins for.
enum Remedy {
  /// A command that writes all datasets and their attributes to another file as plain values.
  ///
  /// - Parameter plugins: whether h5py needs the package `hdf5plugin` for it.
  static func copy(_ path: String, plugins: Bool = false) -> String {
    let (from, to) = names(path)
    return "copy it with h5py: python3 -c \"import h5py\(plugins ? ", hdf5plugin" : ""); "
      + "i = h5py.File('\(from)'); o = h5py.File('\(to)', 'w'); o.attrs.update(i.attrs); "
      + "i.visititems(lambda n, d: o.create_dataset(n, data=d[()]).attrs.update(d.attrs) "
      + "if isinstance(d, h5py.Dataset) else None)\""
      + (plugins ? " (pip install h5py hdf5plugin)" : " (pip install h5py)")
  }

  /// A command that copies one dataset, wherever its values lie, to another file as plain values.
  static func copy(_ dataset: String, of path: String) -> String {
    let (from, to) = names(path)
    let name = dataset.contains(where: isUnsafe) ? "DATASET" : dataset
    return "if you trust it, copy it with h5py: python3 -c \"import h5py; "
      + "d = h5py.File('\(from)')['\(name)']; "
      + "h5py.File('\(to)', 'a').create_dataset('\(name)', data=d[()])\" (pip install h5py)"
  }

  /// The name of a file in a command, and of the copy beside it.
  private static func names(_ path: String) -> (from: String, to: String) {
    let from = path.contains(where: isUnsafe) ? "FILE.h5" : path
    guard let dot = from.lastIndex(of: "."), !from[dot...].contains("/") else {
      return (from, from + "-plain")
    }
    return (from, from[..<dot] + "-plain.h5")
  }

  /// What would end a quoted text of Python or of a shell.
  private static func isUnsafe(_ character: Character) -> Bool {
    character.isNewline || "'\"\\$`!".contains(character)
      || character.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
  }
}
