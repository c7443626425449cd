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
    package func ranges(of places: some Sequence<Place>) -> [Place: Range<Int>] {
        var walk = PlaceWalk(bytes)
        var found: [Place: Range<Int>] = [:]
        var nodes: [Place: Int] = [:]
        for place in places {
            if case .bytes(let range, near: _) = place { found[place] = range } else { nodes[place] = walk.add(place) }
        }
        guard !nodes.isEmpty else { return found }
        walk.run()
        for (place, node) in nodes { found[place] = walk.range(of: place, node) }
        return found
    }

    /// Where the values of `pointers` begin.
    package func positions(of pointers: some Sequence<JSONPointer>) -> [JSONPointer: SourcePosition] {
        var walk = PlaceWalk(bytes)
        let nodes = pointers.map { ($0, walk.add(.value($0))) }
        walk.run()
        let starts = nodes.compactMap { pointer, node in
            walk.range(of: .value(pointer), node).map { (pointer, $0.lowerBound) }
        }
        let positions = positions(of: starts.map(\.1))
        return Dictionary(starts.compactMap { pointer, start in positions[start].map { (pointer, $0) } }) { first, _ in
            first
        }
    }

    /// Line and column of every byte offset.
    package func positions(of offsets: some Sequence<Int>) -> [Int: SourcePosition] {
        var positions: [Int: SourcePosition] = [:]
        var (line, column, offset) = (1, 1, 0)
        for target in Set(offsets).sorted() {
            while offset < target, offset < bytes.count {
                switch bytes[offset] {
                case UInt8(ascii: "\n"): (line, column) = (line + 1, 1)
                // The second and later bytes of a scalar (RFC 3629 §3).
                case 0x80...0xbf: break
                default: column += 1
                }
                offset += 1
            }
            positions[target] = SourcePosition(line: line, column: column)
        }
        return positions
    }
}

/// One pass over a text that notes the ranges of the places it was told to look for.
private struct PlaceWalk {
    /// A pointer's step; pointers that begin alike share their first nodes.
    private struct Node {
        var children: [JSONPointer.Step: Int] = [:]
        var key: Range<Int>?
        var value: Range<Int>?
    }

    private var tokens: Tokens
    private var nodes = [Node()]

    init(_ bytes: [UInt8]) {
        tokens = Tokens(bytes)
    }

    mutating func add(_ place: Place) -> Int {
        place.pointer.steps.reduce(0) { node, step in
            if let child = nodes[node].children[step] { return child }
            nodes.append(Node())
            nodes[node].children[step] = nodes.count - 1
            return nodes.count - 1
        }
    }

    func range(of place: Place, _ node: Int) -> Range<Int>? {
        if case .key = place { nodes[node].key } else { nodes[node].value }
    }

    mutating func run() {
        _ = value(tokens.next(), at: 0)
    }

    /// Walks the value that begins with `first`; `node` is nil where nobody looks for anything.
    private mutating func value(_ first: Tokens.Token, at node: Int?) -> Range<Int> {
        let end =
            switch first.kind {
            case .punctuation(UInt8(ascii: "{")): members(of: node)
            case .punctuation(UInt8(ascii: "[")): elements(of: node)
            default: first.range.upperBound
            }
        let range = first.range.lowerBound..<end
        if let node { nodes[node].value = range }
        return range
    }

    /// Returns the offset behind the closing brace.
    private mutating func members(of node: Int?) -> Int {
        while true {
            let key = tokens.next()
            guard key.kind == .string else {
                if key.kind == .punctuation(UInt8(ascii: ",")) { continue }
                return key.range.upperBound
            }
            _ = tokens.next()
            let child = child(of: node) { .key(tokens.key(key.range)) }
            if let child { nodes[child].key = key.range }
            _ = value(tokens.next(), at: child)
        }
    }

    /// Returns the offset behind the closing bracket.
    private mutating func elements(of node: Int?) -> Int {
        var index = 0
        while true {
            let token = tokens.next()
            switch token.kind {
            case .punctuation(UInt8(ascii: ",")): index += 1
            case .punctuation(UInt8(ascii: "]")), .end: return token.range.upperBound
            default: _ = value(token, at: child(of: node) { .index(index) })
            }
        }
    }

    private func child(of node: Int?, _ step: () -> JSONPointer.Step) -> Int? {
        guard let node, !nodes[node].children.isEmpty else { return nil }
        return nodes[node].children[step()]
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
