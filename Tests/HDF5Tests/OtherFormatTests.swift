import Foundation
import Testing

@testable import HDF5

/// Files that are no HDF5 files are told by their first bytes, and otherwise by their name. The bytes
/// are those of the formats' own documents.
@Suite struct OtherFormatTests {
  private func refusal(_ bytes: [UInt8], _ name: String) throws -> String {
    try withFolder { folder in
      let path = "\(folder)/\(name)"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return OtherFormats.refusal(of: path)
    }
  }

  private func refusal(_ text: String, _ name: String = "data.bin") throws -> String {
    try refusal(Array(text.utf8), name)
  }

  @Test(
    arguments: [
      [0x1f, 0x8b, 8, 0], [0x50, 0x4b, 3, 4, 0], Array("BZh91AY".utf8),
      [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    ] as [[UInt8]])
  func compressedFiles(bytes: [UInt8]) throws {
    #expect(try refusal(bytes, "data.h5").contains("compressed file"))
    // A .npz file is a zip of arrays.
    #expect(try refusal(bytes, "data.NPZ").contains("NumPy file"))
  }

  @Test func arraysAndModels() throws {
    #expect(try refusal("?", "X.npy").contains("np.load"))
    #expect(try refusal("CURVATURE MODEL 1\n").contains("name it with `model`"))
    #expect(try refusal("PAR1\u{15}").contains("pd.read_parquet"))
    #expect(try refusal("CDF\u{2}").contains("nccopy"))
    #expect(try refusal("MATLAB 5.0 MAT-file").contains("-v7.3"))
    // Not at their start, these words mean nothing.
    for text in ["a MATLAB 5.0", "a PAR1", "1BZh", "xCDF"] {
      #expect(try refusal(text).hasPrefix("this is not an HDF5 file"), "\(text)")
    }
    #expect(try refusal([], "data.h5").hasPrefix("this is not an HDF5 file"))
    #expect(OtherFormats.refusal(of: "/nowhere/at all").hasPrefix("this is not an HDF5 file"))
  }

  @Test func textWithoutItsEnding() throws {
    for text in ["a,b\n1,2\n", "a\tb\n1\t2\n", "a;b\r\n1;2\r\n", "\"é\";b\n1;2\n"] {
      #expect(try refusal(text).contains("pd.read_csv"), "\(text)")
    }
    #expect(try refusal("a\tb\n1\t2\n").contains(", sep=chr(9))"))
    #expect(try !refusal("a,b\n1\t2\n").contains("sep="))
    // One line, no commas, or bytes that no text has: nothing to say.
    for text in ["a,b", "a b\n1 2\n", "a,b\n1,\u{1}\n"] {
      #expect(try refusal(text).hasPrefix("this is not an HDF5 file"), "\(text)")
    }
    for ending in ["csv", "TSV", "txt", "dat", "tab"] {
      #expect(try refusal("a b\n", "data.\(ending)").contains("pd.read_csv"), "\(ending)")
    }
  }

  @Test func pathsThatAShellWouldChange() throws {
    #expect(try refusal("a,b\n", "my data.csv").contains("/my data.csv')"))
    for odd in ["o'clock", "a\"b", "a$b", "a`b", "a!b", "a\\b", "a\nb"] {
      let words = try refusal("a,b\n", "\(odd).csv")
      #expect(words.contains("read_csv('FILE')") && !words.contains(odd), "\(odd)")
    }
  }
}
