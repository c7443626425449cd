import NetworkState

/// A packet's way through a picture, and its answer's.
package struct DrawnWalk: Hashable, Sendable {
    /// Of what lies on the way: on that of the packet, or on its answer's alone; or where one of them is lost.
    package enum Mark: String, Hashable, Sendable {
        case there, back, lost
    }

    /// A wire, by the names that it joins.
    private struct Step: Hashable {
        let machine: String
        let to: String
    }

    /// A line below the picture.
    struct Caption: Hashable {
        let mark: Mark
        let text: String
    }

    let captions: [Caption]
    private var nodes: [String: Mark] = [:]
    private var steps: [Step: Mark] = [:]
    private var segments: [String: Mark] = [:]
    private var tunnels: [String: Mark] = [:]

    /// - `wiring`: of the same topology.
    package init(_ prediction: Prediction, in wiring: Wiring) {
        let walks = [(prediction.there, Mark.there)] + (prediction.back.map { [($0, .back)] } ?? [])
        let loss =
            prediction.isAnswered
            ? [] : [Caption(mark: .lost, text: "lost at \(prediction.ending.node): \(prediction.cause)")]
        captions = walks.map { Caption(mark: $1, text: Self.caption($0, $1)) } + loss
        // What both pass is the packet's.
        for (walk, mark) in walks.reversed() { note(walk, mark, wiring) }
        if prediction.isAnswered { return }
        let end = prediction.ending.node
        if segments[end] == nil { nodes[end] = .lost } else { segments[end] = .lost }
    }

    private static func caption(_ walk: Walk, _ mark: Mark) -> String {
        let tunnels = walk.tunnels.map { ", in \($0.text)" }.joined()
        // What leaves no link is seen on none.
        let names = walk.nodes.isEmpty ? [walk.ending.node] : walk.nodes
        return "\(mark.rawValue): \(names.joined(separator: " > "))\(tunnels)"
    }

    private mutating func note(_ walk: Walk, _ mark: Mark, _ wiring: Wiring) {
        let machines = Dictionary(wiring.machines.map { ($0.name, $0) }) { first, _ in first }
        for name in walk.nodes { nodes[name] = mark }
        for step in walk.steps {
            switch step.event {
            case .sends(let passing), .receives(let passing):
                let link = machines[step.node]?.links.first { $0.name == passing.link }
                guard let segment = link?.segment else { continue }
                steps[Step(machine: step.node, to: segment)] = mark
                segments[segment] = mark
            case .enters, .leaves: tunnels[step.node] = mark
            default: break
            }
        }
    }
}

extension DrawnWalk {
    /// Of a machine or a container.
    func mark(_ name: String) -> Mark? { nodes[name] }

    /// Of the wire between a container and its host, which is passed where both are.
    func mark(wireOf container: String, on host: String) -> Mark? {
        guard let own = nodes[container], let far = nodes[host] else { return nil }
        return own == .lost ? far : own
    }

    /// Of a segment.
    func mark(segment: String) -> Mark? { segments[segment] }

    /// Of a link of `machine` to `segment`.
    func mark(_ machine: String, to segment: String) -> Mark? { steps[Step(machine: machine, to: segment)] }

    /// Of a host's end of the tunnels.
    func mark(tunnelOf host: String) -> Mark? { tunnels[host] }
}
