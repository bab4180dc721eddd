/// Sorts numbers without NaN in increasing order: radix sort, 11 bits at a time. O(count).
func radixSorted(_ values: [Float]) -> [Float] {
  // Order-preserving integers: negative numbers have all bits flipped, others the sign bit.
  var keys = values.map { value in
    let bits = value.bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
  }
  var scratch = keys
  for shift: UInt32 in [0, 11, 22] {
    var starts = [Int](repeating: 0, count: 2_048)
    for key in keys { starts[Int((key >> shift) & 0x7ff)] += 1 }
    var sum = 0
    for digit in starts.indices {
      (starts[digit], sum) = (sum, sum + starts[digit])
    }
    for key in keys {
      let digit = Int((key >> shift) & 0x7ff)
      scratch[starts[digit]] = key
      starts[digit] += 1
    }
    swap(&keys, &scratch)
  }
  return keys.map { Float(bitPattern: $0 >> 31 == 1 ? $0 & 0x7fff_ffff : ~$0) }
}
