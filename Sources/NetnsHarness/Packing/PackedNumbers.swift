/// A list of numbers, most of them small: two bytes each, and none for stretches of zeros.
///
/// In pieces: an array that grows is there twice for a moment.
struct PackedNumbers: Sendable {
    private static let pieceSize = 1 << 14
    /// Stands for one that is in ``larger``.
    private static let mark = UInt16.max - 1

    /// Each as far as its last number that is not 0.
    private var pieces: [[UInt16]] = []
    /// By their places.
    private var larger: [Int: UInt32] = [:]
    private(set) var count = 0

    mutating func append(_ number: UInt32) {
        let place = count % Self.pieceSize
        if place == 0 { pieces.append([]) }
        if number != 0 { put(code(number), at: place, in: &pieces[pieces.count - 1]) }
        count += 1
    }

    subscript(index: Int) -> UInt32 {
        let piece = pieces[index / Self.pieceSize]
        let place = index % Self.pieceSize
        guard place < piece.count else { return 0 }
        return switch piece[place] {
        case .max: .max
        case Self.mark: larger[index] ?? 0
        case let number: UInt32(number)
        }
    }

    /// The largest of all stands for none, and is frequent.
    private mutating func code(_ number: UInt32) -> UInt16 {
        if number < Self.mark { return UInt16(number) }
        if number == .max { return .max }
        larger[count] = number
        return Self.mark
    }

    private func put(_ code: UInt16, at place: Int, in piece: inout [UInt16]) {
        if piece.isEmpty { piece.reserveCapacity(place == 0 ? Self.pieceSize : place + 1) }
        if piece.count < place { piece.append(contentsOf: repeatElement(0, count: place - piece.count)) }
        piece.append(code)
    }
}
