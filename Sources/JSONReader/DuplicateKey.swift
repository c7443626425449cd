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
    private(set) var found: [DuplicateKey] = []

    init(_ bytes: [UInt8]) {
        tokens = Tokens(bytes)
    }

    mutating func run() {
        value(tokens.next(), at: .root)
    }

    private mutating func value(_ first: Tokens.Token, at pointer: JSONPointer) {
        switch first.kind {
        case .punctuation(UInt8(ascii: "{")): members(of: pointer)
        case .punctuation(UInt8(ascii: "[")): elements(of: pointer)
        default: break
        }
    }

    private mutating func members(of object: JSONPointer) {
        var keys: [String: Range<Int>] = [:]
        while true {
            let token = tokens.next()
            guard token.kind == .string else {
                if token.kind == .punctuation(UInt8(ascii: ",")) { continue }
                return
            }
            let key = tokens.key(token.range)
            if let first = keys[key] {
                found.append(DuplicateKey(key: key, object: object, first: first, again: token.range))
            } else {
                keys[key] = token.range
            }
            _ = tokens.next()
            value(tokens.next(), at: object.appending(key))
        }
    }

    private mutating func elements(of array: JSONPointer) {
        var index = 0
        while true {
            let token = tokens.next()
            switch token.kind {
            case .punctuation(UInt8(ascii: ",")): index += 1
            case .punctuation(UInt8(ascii: "]")), .end: return
            default: value(token, at: array.appending(index))
            }
        }
    }
}
