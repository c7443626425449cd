import NetworkState

/// Why nothing, or more than one thing, is meant by what should name a wire.
package struct NoSuchWire: Error, Hashable, CustomStringConvertible {
    package let description: String
}

extension ValidTopology {
    /// The wire that `text` names: by the nodes at its ends, `A--lan`, or by a link, `A:eth0`, which says as well which of the
    /// two ends is meant.
    package func wire(named text: String) -> Result<(wire: Wire, end: WireEnd?), NoSuchWire> {
        if text.firstRange(of: "--") != nil { return wire(between: text).map { ($0, nil) } }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            return .failure("'\(text)' names no wire: name its ends, as A--B, or a link at one of them, as A:eth0")
        }
        let ends = ends(of: parts[0])
        if ends.isEmpty { return .failure(strangers([parts[0]])) }
        guard let (own, wire) = ends.first(where: { $0.own.link.text == parts[1] }) else {
            return .failure("\(parts[0]) has no wire at \(parts[1]): \(list(ends, of: parts[0]))")
        }
        return .success((wire, own))
    }

    /// Names may have dashes of their own: it is split where there are nodes on both sides.
    private func wire(between text: String) -> Result<Wire, NoSuchWire> {
        let characters = Array(text)
        let splits = characters.indices.dropLast().filter { characters[$0] == "-" && characters[$0 + 1] == "-" }
        let pairs = splits.map { [String(characters[..<$0]), String(characters[($0 + 2)...])] }
        let nodes = Set(wires.flatMap(\.nodes))
        guard let pair = pairs.first(where: { $0.allSatisfy(nodes.contains) }) else {
            return .failure(strangers((pairs.first ?? []).filter { !nodes.contains($0) }))
        }
        let ends = ends(of: pair[0])
        let between = ends.filter { $0.wire.ends.contains { $0.node == pair[1] } && pair[0] != pair[1] }
        if between.count == 1 { return .success(between[0].wire) }
        if between.isEmpty {
            return .failure("there is no wire between \(pair[0]) and \(pair[1]): \(list(ends, of: pair[0]))")
        }
        let names = between.map { "\($0.own)" }.joined(separator: ", ")
        return .failure("there are several wires between \(pair[0]) and \(pair[1]): name one of \(names)")
    }

    private func ends(of node: String) -> [(own: WireEnd, wire: Wire)] {
        wires.flatMap { wire in wire.ends.filter { $0.node == node }.map { ($0, wire) } }
    }

    private func strangers(_ names: [String]) -> NoSuchWire {
        let known = Set(wires.flatMap(\.nodes)).sorted()
        let hint = names.first.flatMap { didYouMean($0, among: known) } ?? "it has \(listed(known))"
        return "no wire of \(name) ends at \(names.map { "'\($0)'" }.joined(separator: " or ")): \(hint)"
    }

    /// `A has A--lan (A:eth0), A1--A (A:veth1)`
    private func list(_ ends: [(own: WireEnd, wire: Wire)], of node: String) -> String {
        let words = ends.map { own, wire in "\(wire.ends.map(\.node).joined(separator: "--")) (\(own))" }
        return "\(node) has \(listed(words))"
    }

    private func listed(_ words: [String]) -> String {
        words.prefix(10).joined(separator: ", ") + (words.count > 10 ? ", …" : "")
    }
}

extension NoSuchWire: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { description = value }
}
