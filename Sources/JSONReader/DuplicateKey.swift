package import NetworkState

/// Two members of one object with one key.
package struct DuplicateKey: Hashable, Sendable {
    package let key: String
    /// The object they are in.
    package let object: JSONPointer
    package let first: Range<Int>
    package let again: Range<Int>
}

extension SourceMap {
    /// Every key that repeats one before it, in the order of the text.
    package func duplicateKeys() -> [DuplicateKey] {
        var walk = DuplicateWalk(bytes)
        walk.run()
        return walk.found
    }
}

/// A pass over a whole text that remembers the keys of each object while it is in it.
private struct DuplicateWalk {
    private var tokens: Tokens
    private var path = JSONPointer.root
    private(set) var found: [DuplicateKey] = []

    init(_ bytes: [UInt8]) {
        tokens = Tokens(bytes)
    }

    mutating func run() {
        value(tokens.next())
    }

    private mutating func value(_ first: Tokens.Token) {
        switch first.kind {
        case .punctuation(UInt8(ascii: "{")): members()
        case .punctuation(UInt8(ascii: "[")): elements()
        default: break
        }
    }

    private mutating func members() {
        var keys: [String: Range<Int>] = [:]
        while true {
            let token = tokens.next()
            guard token.kind == .string else {
                if token.kind == .punctuation(UInt8(ascii: ",")) { continue }
                return
            }
            let key = tokens.key(token.range)
            if let first = keys[key] {
                found.append(DuplicateKey(key: key, object: path, first: first, again: token.range))
            } else {
                keys[key] = token.range
            }
            _ = tokens.next()
            path.steps.append(.key(key))
            value(tokens.next())
            path.steps.removeLast()
        }
    }

    private mutating func elements() {
        var index = 0
        while true {
            let token = tokens.next()
            switch token.kind {
            case .punctuation(UInt8(ascii: ",")): index += 1
            case .punctuation(UInt8(ascii: "]")), .end: return
            default:
                path.steps.append(.index(index))
                value(token)
                path.steps.removeLast()
            }
        }
    }
}
