// Numbers as they are on the wire: the most significant byte first.

extension RangeReplaceableCollection<UInt8> {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// The number that starts `offset` bytes in; nil if it would end past the last.
    func bigEndian<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type = Value.self) -> Value? {
        let width = Value.bitWidth / 8
        guard offset >= 0, offset + width <= count else { return nil }
        let start = startIndex + offset
        var value = Value(0)
        for index in start..<(start + width) { value = value << 8 | Value(truncatingIfNeeded: self[index]) }
        return value
    }
}
