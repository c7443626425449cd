package import NetworkState

/// The way from a place in a JSON document back to its text.
///
/// jansson keeps no positions (github.com/akheron/jansson/issues/272), so the text is walked again, and only when
/// something is to be said about it. However many places are asked for at once, it is walked once.
package struct SourceMap: Sendable {
    let bytes: [UInt8]

    /// `bytes` must be JSON that ``JSON/init(parsing:duplicateKeys:)-([UInt8],_)`` has read.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    package func range(of place: Place) -> Range<Int>? {
        ranges(of: [place])[place]
    }

    /// The bytes of every place that there is; where a key stands twice, those of the last.
    package func ranges(of places: some Collection<Place>) -> [Place: Range<Int>] {
        var walk = PlaceWalk(bytes)
        for place in places {
            if case .bytes = place { continue }
            walk.want(place.pointer)
        }
        walk.run()
        return places.reduce(into: [:]) { found, place in
            if case .bytes(let range, near: _) = place {
                found[place] = range
            } else {
                found[place] = walk.range(of: place)
            }
        }
    }

    /// Where the values of `pointers` begin.
    package func positions(of pointers: some Sequence<JSONPointer>) -> [JSONPointer: SourcePosition] {
        var walk = PlaceWalk(bytes)
        // Many in a row are often one.
        var last: JSONPointer?
        for pointer in pointers where pointer != last {
            walk.want(pointer)
            last = pointer
        }
        walk.run()
        let positions = zip(walk.starts, positions(inOrder: walk.starts.map(\.offset)))
        return Dictionary(positions.map { ($0.pointer, $1) }) { _, last in last }
    }

    /// Line and column of every byte offset.
    package func positions(of offsets: some Sequence<Int>) -> [Int: SourcePosition] {
        let offsets = Set(offsets).sorted()
        return Dictionary(uniqueKeysWithValues: zip(offsets, positions(inOrder: offsets)))
    }

    private func positions(inOrder offsets: [Int]) -> [SourcePosition] {
        var (line, column, offset) = (1, 1, 0)
        return offsets.map { target in
            while offset < target, offset < bytes.count {
                switch bytes[offset] {
                case UInt8(ascii: "\n"): (line, column) = (line + 1, 1)
                // The second and later bytes of a scalar (RFC 3629 §3).
                case 0x80...0xbf: break
                default: column += 1
                }
                offset += 1
            }
            return SourcePosition(line: line, column: column)
        }
    }
}

/// One pass over a text that notes where the values are that it was told to look for.
private struct PlaceWalk {
    /// Of a value that is looked for, or that has such a one in it.
    private struct Record {
        let pointer: JSONPointer
        var isWanted = false
        var leadsOn = false
        var key: Range<Int>?
        var value: Range<Int>?
    }

    private var tokens: Tokens
    private var numbers: [JSONPointer: Int] = [:]
    private var records: [Record] = []
    /// Where the values begin that are wanted, in the order of the text.
    private(set) var starts: [(pointer: JSONPointer, offset: Int)] = []

    init(_ bytes: [UInt8]) {
        tokens = Tokens(bytes)
    }

    mutating func want(_ pointer: JSONPointer) {
        let number = number(of: pointer)
        records[number].isWanted = true
    }

    private mutating func number(of pointer: JSONPointer) -> Int {
        if let number = numbers[pointer] { return number }
        if pointer != .root {
            let outer = number(of: pointer.parent)
            records[outer].leadsOn = true
        }
        numbers[pointer] = records.count
        records.append(Record(pointer: pointer))
        return records.count - 1
    }

    func range(of place: Place) -> Range<Int>? {
        guard let number = numbers[place.pointer] else { return nil }
        return if case .key = place { records[number].key } else { records[number].value }
    }

    mutating func run() {
        if records.isEmpty { return }
        _ = value(tokens.next(), numbers[.root])
    }

    /// Walks the value that begins with `first`, and returns the offset behind it; `number` is nil where nobody looks for
    /// anything.
    private mutating func value(_ first: Tokens.Token, _ number: Int?) -> Int {
        guard let number else { return tokens.skipValue(first) }
        let start = first.range.lowerBound
        if records[number].isWanted { starts.append((records[number].pointer, start)) }
        let end =
            switch first.kind {
            case .punctuation(UInt8(ascii: "{")) where records[number].leadsOn: members(of: records[number].pointer)
            case .punctuation(UInt8(ascii: "[")) where records[number].leadsOn: elements(of: records[number].pointer)
            default: tokens.skipValue(first)
            }
        records[number].value = start..<end
        return end
    }

    private mutating func members(of object: JSONPointer) -> Int {
        while true {
            let key = tokens.next()
            guard key.kind == .string else {
                if key.kind == .punctuation(UInt8(ascii: ",")) { continue }
                return key.range.upperBound
            }
            _ = tokens.next()
            let number = numbers[object.appending(tokens.key(key.range))]
            if let number { records[number].key = key.range }
            _ = value(tokens.next(), number)
        }
    }

    private mutating func elements(of array: JSONPointer) -> Int {
        var index = 0
        while true {
            let token = tokens.next()
            switch token.kind {
            case .punctuation(UInt8(ascii: ",")): index += 1
            case .punctuation(UInt8(ascii: "]")), .end: return token.range.upperBound
            default: _ = value(token, numbers[array.appending(index)])
            }
        }
    }
}

extension Tokens {
    /// What the string token at `range` stands for.
    func key(_ range: Range<Int>) -> String {
        let inner = bytes[range].dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
        let parsed = try? JSON(parsing: Array(bytes[range]))
        return parsed?.string ?? String(decoding: inner, as: UTF8.self)
    }
}
