import Compiler
import NetworkState

/// What an author says, against what follows from the model; of several words about one thing, the last holds.
struct Statements {
    typealias Expectation = ValidTopology.Expectation

    let expectations: [Expectation]
    private let containers: [String]
    private let known: Set<String>

    init(_ expectations: [Expectation], nodes: [ProbeNode]) {
        self.expectations = expectations
        containers = nodes.filter { $0.host != nil }.map(\.name)
        known = Set(nodes.map(\.name))
    }

    /// The last that says something of packets from `source` to `target` by what `property` gives; nil where none does.
    func last<Value>(
        from source: String, to target: String, _ property: (Expectation) -> Value?
    ) -> (value: Value, expectation: Expectation)? {
        for expectation in expectations.reversed() {
            guard let value = property(expectation), speaks(expectation.from, of: source),
                speaks(expectation.to, of: target)
            else { continue }
            return (value, expectation)
        }
        return nil
    }

    /// The same for what is said of a node alone.
    func last<Value>(
        from source: String, _ property: (Expectation) -> Value?
    ) -> (value: Value, expectation: Expectation)? {
        for expectation in expectations.reversed() {
            guard let value = property(expectation), speaks(expectation.from, of: source) else { continue }
            return (value, expectation)
        }
        return nil
    }

    /// Whether packets by `kind` get there and back, to ports that nobody has named.
    func reach(from source: String, to target: String, by kind: ProbeProtocol) -> (value: Bool, origin: JSONPointer)? {
        last(from: source, to: target) { $0.port == nil && $0.protocols.contains(kind) ? $0.isReachable : nil }
            .map { ($0.value, $0.expectation.pointer) }
    }

    func source(from source: ProbeNode, to target: ProbeNode) -> (value: ExpectedSource, origin: JSONPointer)? {
        last(from: source.name, to: target.name, \.source).map { word, expectation in
            let expected: ExpectedSource =
                switch word {
                case .kept: .kept(source.sources)
                case .addresses(let addresses): .translated(to: addresses)
                }
            return (expected, expectation.pointer)
        }
    }

    private func speaks(_ names: Set<String>, of node: String) -> Bool {
        names.isEmpty ? containers.contains(node) : names.contains(node)
    }

    func names(_ set: Set<String>) -> [String] {
        set.isEmpty ? containers : set.sorted().filter(known.contains)
    }

    /// The ordered pairs that an expectation speaks of; none where it speaks of nodes alone.
    func pairs(of expectation: Expectation) -> [(from: String, to: String)] {
        guard expectation.gateway == nil else { return [] }
        return names(expectation.from).flatMap { from in
            names(expectation.to).filter { $0 != from }.map { (from, $0) }
        }
    }
}
