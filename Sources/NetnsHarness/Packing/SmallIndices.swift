/// Indices, of which there may be hundreds of thousands: four bytes each.
struct SmallIndices: Sendable, RandomAccessCollection {
    private var indices: [UInt32] = []

    init(_ indices: some Sequence<Int> = []) { self.indices = indices.map { UInt32($0) } }

    var startIndex: Int { 0 }
    var endIndex: Int { indices.count }
    subscript(place: Int) -> Int { Int(indices[place]) }

    mutating func append(_ index: Int) { indices.append(UInt32(index)) }
}
