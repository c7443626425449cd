import Applier
import Compiler
import NetworkState

/// Wires that somebody has impaired or set down on purpose: no plan tells of them, and none mends them.
struct BadWires {
    /// What has happened so far, and where the topology says so.
    typealias Past = [(event: ValidTopology.Event, place: SourcePlace?)]

    private let lab: Lab
    private let past: Past

    init(_ lab: Lab, after past: Past) {
        self.lab = lab
        self.past = past
    }

    /// Those that a packet may use that comes by these nodes. `grave` are those that nothing gets over; what others do to
    /// packets is less likely to be it than whatever else is found.
    func culprits(among nodes: [String]) throws(ApplyError) -> (grave: [Culprit], slight: [Culprit]) {
        var (grave, slight): ([Culprit], [Culprit]) = ([], [])
        let passed = Set(nodes)
        let machines = lab.topology.wires.filter { passed.contains($0.ends[0].node) }
        let switches = Dictionary(grouping: machines) { $0.ends[1].node }
        for wire in machines {
            let (inner, outer) = (wire.ends[0].node, wire.ends[1].node)
            // What leads to a switch that nobody else on the way hangs on is not used.
            let others = switches[outer, default: []].contains { $0.ends[0].node != inner }
            guard passed.contains(outer) || others || passed.count == 1 else { continue }
            if let downs = try downs(wire) { grave.append(downs) }
            guard let (impairment, culprit) = try impairment(of: wire) else { continue }
            if impairment.loss < 1 { slight.append(culprit) } else { grave.append(culprit) }
        }
        return (grave, slight)
    }

    private func downs(_ wire: Wire) throws(ApplyError) -> Culprit? {
        let set = try lab.linksDown.ends()
        let ends = wire.ends.filter { set.contains(LinksDown.End($0)) }
        guard let end = ends.first else { return nil }
        let author = author(of: wire) { if case .down(let node, let link) = $0 { (node, link) } else { nil } }
        return Culprit(
            node: end.node, text: "wire \(wire.name) is down at \(Self.list(ends)), \(author.words)",
            remedy: author.remedy("up", by: "--up", at: end), source: author.place?.description)
    }

    private func impairment(of wire: Wire) throws(ApplyError) -> (worst: Impairment, culprit: Culprit)? {
        let states = try lab.states(of: wire).filter { $0.state.impairment?.isNone == false }
        guard let first = states.first, let worst = states.compactMap(\.state.impairment).max(by: { $0.loss < $1.loss })
        else { return nil }
        let isAlike = Set(states.map(\.state.impairment)).count == 1
        let words =
            isAlike
            ? "\(Self.list(states.map(\.end))): \(worst.text)"
            : states.map { "\($0.end): \($0.state.impairment?.text ?? "")" }.joined(separator: ", ")
        let author = author(of: wire) { if case .impair(let node, let link, _) = $0 { (node, link) } else { nil } }
        let culprit = Culprit(
            node: first.end.node, text: "wire \(wire.name) is impaired at \(words), \(author.words)",
            remedy: author.remedy("clear", by: "--clear", at: wire.ends[0]), source: author.place?.description)
        return (worst, culprit)
    }

    private static func list(_ ends: [WireEnd]) -> String { ends.map(\.description).joined(separator: " and ") }
}

// Who it was.
extension BadWires {
    private enum Author {
        case event(ValidTopology.Event, place: SourcePlace?)
        case hand

        var words: String {
            switch self {
            case .event(let event, _): "by the event '\(event.name)'"
            case .hand: "by hand"
            }
        }

        var place: SourcePlace? {
            if case .event(_, let place) = self { place } else { nil }
        }

        func remedy(_ action: String, by option: String, at end: WireEnd) -> String {
            switch self {
            case .event(let event, _): "an event { \"\(action)\": \"\(event.action.subject)\" }"
            case .hand: "weft lab impair LAB \(end) \(option)"
            }
        }
    }

    /// The last event that did such a thing to the wire.
    private func author(
        of wire: Wire, by deed: (ValidTopology.Event.Action) -> (String, LinkName)?
    ) -> Author {
        let doer = past.last { event, _ in
            guard let (node, link) = deed(event.action) else { return false }
            return wire.ends.contains { $0.node == node && $0.link == link }
        }
        return doer.map { .event($0.event, place: $0.place) } ?? .hand
    }
}

extension Wire {
    /// `A--lan`, as `weft lab impair` takes it.
    fileprivate var name: String { ends.map(\.node).joined(separator: "--") }
}
