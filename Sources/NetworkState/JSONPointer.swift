/// A place in a JSON document (RFC 6901): `/hosts/0/containers/1/address`.
///
/// A list from the last step back: places that begin alike share what is before, and as each carries its hash, to look one up
/// costs the same however deep it is. Reading a topology makes some for everything in it.
package struct JSONPointer: Sendable {
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    private final class Node: Sendable {
        let before: Node?
        let step: Step
        let hash: UInt64

        init(_ step: Step, after before: Node?) {
            self.before = before
            self.step = step
            hash = step.hash(after: before?.hash ?? 0)
        }
    }

    /// Nil at the root.
    private let last: Node?

    private init(_ last: Node?) { self.last = last }

    package init(_ steps: [Step] = []) {
        last = steps.reduce(nil) { Node($1, after: $0) }
    }

    package static let root = JSONPointer()

    package func appending(_ step: Step) -> JSONPointer { JSONPointer(Node(step, after: last)) }
    package func appending(_ key: String) -> JSONPointer { appending(.key(key)) }
    package func appending(_ index: Int) -> JSONPointer { appending(.index(index)) }

    /// The enclosing object or array; the root is its own.
    package var parent: JSONPointer { JSONPointer(last?.before) }

    package var steps: [Step] {
        var (steps, node): ([Step], Node?) = ([], last)
        while let one = node {
            steps.append(one.step)
            node = one.before
        }
        return steps.reversed()
    }
}

extension JSONPointer: Hashable {
    package static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        var (left, right) = (left.last, right.last)
        while let one = left, let other = right, one !== other {
            guard one.hash == other.hash, one.step == other.step else { return false }
            (left, right) = (one.before, other.before)
        }
        return left === right
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(last?.hash ?? 0) }
}

extension JSONPointer.Step {
    fileprivate func hash(after before: UInt64) -> UInt64 {
        var hash = StableHash()
        hash.add(word: before)
        switch self {
        case .key(let key): hash.add(key.utf8)
        case .index(let index): hash.add(word: UInt64(truncatingIfNeeded: index))
        }
        return hash.value
    }
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
