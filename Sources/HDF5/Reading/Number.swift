import CHDF5

/// A type of number that datasets are written from.
public protocol StorableNumber: Sendable, BitwiseCopyable {
  /// The library's name of the type in memory.
  static var memoryType: Int64 { get }
  /// The library's name of the type in files: little-endian on every machine.
  static var fileType: Int64 { get }
}

extension Float: StorableNumber {
  public static var memoryType: Int64 { Library.locked { hdf5_native_float() } }
  public static var fileType: Int64 { Library.locked { hdf5_file_float() } }
}

extension Double: StorableNumber {
  public static var memoryType: Int64 { Library.locked { hdf5_native_double() } }
  public static var fileType: Int64 { Library.locked { hdf5_file_double() } }
}

extension Int64: StorableNumber {
  public static var memoryType: Int64 { Library.locked { hdf5_native_int64() } }
  public static var fileType: Int64 { Library.locked { hdf5_file_int64() } }
}

extension Int32: StorableNumber {
  public static var memoryType: Int64 { Library.locked { hdf5_native_int32() } }
  public static var fileType: Int64 { Library.locked { hdf5_file_int32() } }
}

extension UInt8: StorableNumber {
  public static var memoryType: Int64 { Library.locked { hdf5_native_uint8() } }
  public static var fileType: Int64 { Library.locked { hdf5_file_uint8() } }
}
