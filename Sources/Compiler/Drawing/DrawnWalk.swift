/// A packet's way through a picture, and its answer's.
package struct DrawnWalk: Hashable, Sendable {
    /// Of what lies on the way: on that of the packet, or on its answer's alone.
    package enum Mark: String, Hashable, Sendable {
        case there, back
    }

    /// A wire or a tunnel's end, by the names that it joins.
    private struct Step: Hashable {
        let machine: String
        let to: String
    }

    /// In words, to write below the picture.
    package let captions: [String]
    private var nodes: [String: Mark] = [:]
    private var steps: [Step: Mark] = [:]
    private var segments: [String: Mark] = [:]
    private var tunnels: [String: Mark] = [:]

    package init(_ passage: ExpectedWays.Passage, in wiring: Wiring) {
        captions = [
            Self.caption("there", passage.there, passage.encapsulation),
            Self.caption("back", passage.back, passage.returnEncapsulation),
        ]
        // What both pass is the packet's.
        note(passage.back, passage.returnEncapsulation, .back, wiring)
        note(passage.there, passage.encapsulation, .there, wiring)
    }

    private static func caption(
        _ word: String, _ names: [String], _ encapsulation: NetworkModel.Encapsulation
    ) -> String {
        let crossing = encapsulation == .none ? "" : ", in \(encapsulation.rawValue) between hosts"
        return "\(word): \(names.joined(separator: " > "))\(crossing)"
    }

    private mutating func note(
        _ names: [String], _ encapsulation: NetworkModel.Encapsulation, _ mark: Mark, _ wiring: Wiring
    ) {
        let machines = Dictionary(wiring.machines.map { ($0.name, $0) }) { first, _ in first }
        for name in names { nodes[name] = mark }
        for (name, next) in zip(names, names.dropFirst()) {
            let (own, other) = (machines[name]?.links ?? [], machines[next]?.links ?? [])
            if let shared = own.first(where: { link in other.contains { $0.segment == link.segment } })?.segment {
                for end in [name, next] { steps[Step(machine: end, to: shared)] = mark }
                segments[shared] = mark
            }
        }
        let hosts = names.filter { machines[$0]?.kind == .host }
        guard encapsulation != .none, hosts.count > 1 else { return }
        for host in [hosts.first, hosts.last].compactMap(\.self) { tunnels[host] = mark }
    }
}

extension DrawnWalk {
    /// Of a machine or a container; a container's wire is passed with it.
    func mark(_ name: String) -> Mark? { nodes[name] }

    /// Of a segment.
    func mark(segment: String) -> Mark? { segments[segment] }

    /// Of a link of `machine` to `segment`.
    func mark(_ machine: String, to segment: String) -> Mark? { steps[Step(machine: machine, to: segment)] }

    /// Of a host's end of the tunnels.
    func mark(tunnelOf host: String) -> Mark? { tunnels[host] }
}
