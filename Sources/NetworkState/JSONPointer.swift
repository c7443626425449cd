/// A place in a JSON document (RFC 6901): `/hosts/0/containers/1/address`.
package struct JSONPointer: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    package var steps: [Step]

    package init(_ steps: [Step] = []) {
        self.steps = steps
    }

    package static let root = JSONPointer()

    package func appending(_ key: String) -> JSONPointer { JSONPointer(steps + [.key(key)]) }
    package func appending(_ index: Int) -> JSONPointer { JSONPointer(steps + [.index(index)]) }

    /// The enclosing object or array; the root is its own.
    package var parent: JSONPointer { JSONPointer(steps.dropLast()) }
}

extension JSONPointer: CustomStringConvertible {
    package var description: String {
        steps.map { step in
            switch step {
            case .key(let key): "/" + Self.escape(key)
            case .index(let index): "/\(index)"
            }
        }.joined()
    }

    private static func escape(_ key: String) -> String {
        key.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }
}
