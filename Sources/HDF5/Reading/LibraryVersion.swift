import CHDF5

extension File {
  /// The version of the HDF5 library this process uses: `1.14.5`.
  public static var libraryVersion: String {
    Library.locked {
      var parts: (UInt32, UInt32, UInt32) = (0, 0, 0)
      guard H5get_libversion(&parts.0, &parts.1, &parts.2) >= 0 else { return "unknown" }
      return "\(parts.0).\(parts.1).\(parts.2)"
    }
  }
}
