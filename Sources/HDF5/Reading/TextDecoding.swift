import CHDF5
import Foundation

/// How bytes become text.
enum TextEncoding {
  /// Bytes that are not valid UTF-8 are no text.
  case utf8
  /// Each byte is a character, so that different bytes are different texts.
  case latin1

  /// The text of `bytes`; nil if they are not of this encoding.
  func text(_ bytes: some Collection<UInt8>) -> String? {
    switch self {
    case .utf8:
      let text = String(decoding: bytes, as: UTF8.self)
      // What is not UTF-8 was replaced.
      return text.utf8.elementsEqual(bytes) ? text : nil
    case .latin1:
      return String(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
    }
  }
}

/// The text of a zero-terminated name: UTF-8, else Latin-1, so that different names stay different.
func decodedName(_ name: UnsafePointer<CChar>) -> String {
  // Safe because: the name ends with a zero, before which it has `strlen` bytes.
  let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
  return TextEncoding.utf8.text(bytes) ?? TextEncoding.latin1.text(bytes) ?? ""
}

/// What fills up texts of fixed length.
enum TextPadding {
  /// The first zero ends the text.
  case terminated
  /// Zeros at the end are no part of it.
  case zeros
  /// Blanks at the end are no part of it.
  case blanks

  /// The padding of a type of fixed text; call inside ``Library/locked(_:)``.
  init(of type: hid_t) {
    switch H5Tget_strpad(type) {
    case H5T_STR_NULLPAD: self = .zeros
    case H5T_STR_SPACEPAD: self = .blanks
    default: self = .terminated
    }
  }
}

/// The `count` texts of `width` bytes each at `start`; nil if one is not of `encoding`.
func fixedTexts(
  _ start: UnsafeRawPointer, _ count: Int, width: Int, _ padding: TextPadding,
  _ encoding: TextEncoding
) -> [String]? {
  var result: [String] = []
  result.reserveCapacity(count)
  for index in 0..<count {
    // Safe because: the caller's buffer holds `count * width` bytes at `start`.
    let bytes = UnsafeRawBufferPointer(start: start + index * width, count: width)
    let kept: Slice<UnsafeRawBufferPointer>
    switch padding {
    case .terminated: kept = bytes.prefix { $0 != 0 }
    case .zeros: kept = bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1)
    case .blanks:
      kept = bytes.prefix((bytes.lastIndex { $0 != 0 && $0 != UInt8(ascii: " ") } ?? -1) + 1)
    }
    guard let text = encoding.text(kept) else { return nil }
    result.append(text)
  }
  return result
}

/// The texts that `count` pointers written by the library lead to; nil if one is not of `encoding`.
func variableTexts(
  _ start: UnsafeMutableRawPointer, _ count: Int, _ encoding: TextEncoding, file: String,
  dataset: String?
) throws(HDF5Error) -> [String]? {
  // Safe because: the library wrote `count` pointers to zero-terminated text, or null.
  let pointers = start.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
  var result: [String] = []
  result.reserveCapacity(count)
  for index in 0..<count {
    guard let text = pointers[index] else {
      result.append("")
      continue
    }
    let length = strnlen(text, Dataset.longestText + 1)
    guard length <= Dataset.longestText else {
      throw HDF5Error(
        .refused, file: file, dataset: dataset,
        "the text at \(index) is longer than 1 MiB; store shorter text")
    }
    // Safe because: the text has `length` bytes before its zero.
    let bytes = UnsafeRawBufferPointer(start: text, count: length)
    guard let decoded = encoding.text(bytes) else { return nil }
    result.append(decoded)
  }
  return result
}
