import Applier
import Compiler
import Netlink
import NetworkState

/// Has happen to a lab what its topology says, one event after the other.
struct EventRun {
    /// With every host that the topology has.
    private let lab: Lab
    private(set) var absent: Set<String> = []
    private var agents: LabAgents
    private let programs: EventPrograms

    init(_ lab: Lab) {
        self.lab = lab
        agents = LabAgents(lab)
        programs = EventPrograms(lab)
    }

    /// As it is at present: without the hosts that have left.
    var present: Lab { lab.without(hosts: absent) }

    /// Why something has not happened.
    struct Obstacle {
        let text: String
        /// Whether it says nothing against the topology.
        let isLack: Bool
    }

    /// Nil once it has happened.
    mutating func perform(_ action: ValidTopology.Event.Action) throws(ApplyError) -> Obstacle? {
        do throws(ApplyError) {
            return try failure(of: action).map { Obstacle(text: $0, isLack: false) }
        } catch {
            guard case .lacking(let feature, let reason) = error else { throw error }
            let text = "this kernel has no \(feature.rawValue) (\(reason)); way out: \(feature.remedy)"
            return Obstacle(text: text, isLack: true)
        }
    }

    private mutating func failure(of action: ValidTopology.Event.Action) throws(ApplyError) -> String? {
        switch action {
        case .leave(let host):
            absent.insert(host)
            try present.apply()
        case .join(let host):
            absent.remove(host)
            try present.apply()
        case .agents(let hosts):
            try systems { () throws(SystemError) in try agents.start(hosts) }
        case .run(let command, let node):
            return try systems { () throws(SystemError) in try run(command, in: node) }
        case .down(let node, let link): try lab.setDown(lab.end(node, link))
        case .up(let node, let link): try lab.setUp(lab.end(node, link), keptByAgents: agents.hosts)
        case .impair(let node, let link, let impairment): try lab.impair(lab.wire(node, link), impairment)
        case .clear(let node, let link): try lab.clearImpairment(of: lab.wire(node, link))
        }
        return nil
    }

    private func run(_ command: [String], in node: String) throws(SystemError) -> String? {
        let finished = try programs.run(command, in: node)
        guard finished.status != 0 else { return nil }
        let words = finished.said.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return "'\(command.joined(separator: " "))' in \(node) ended with \(finished.status)\(words)"
    }

    /// Ends whatever events have started.
    mutating func end() throws(SystemError) {
        try programs.end()
        try agents.stopAll()
    }
}

extension ValidTopology.Event.Action {
    /// What it happens to.
    var subject: String {
        switch self {
        case .down(let node, let link), .up(let node, let link), .impair(let node, let link, _),
            .clear(let node, let link):
            "\(node):\(link.text)"
        case .leave(let host), .join(let host): host
        case .agents(let hosts): hosts.joined(separator: ", ")
        case .run(_, let node): node
        }
    }
}

extension Lab {
    /// What an event names has been found in the topology already.
    fileprivate func wire(_ node: String, _ link: LinkName) -> Wire {
        guard let wire = topology.wire(at: node, link) else { preconditionFailure("no wire at \(node):\(link)") }
        return wire
    }

    fileprivate func end(_ node: String, _ link: LinkName) -> WireEnd {
        let ends = wire(node, link).ends
        return ends.first { $0.node == node } ?? ends[0]
    }

    /// The nodes of `other`'s that this one does not have.
    func missing(from other: Lab) -> Set<String> {
        Set(other.nodes.map(\.name)).subtracting(nodes.map(\.name))
    }

    /// The same lab with a topology that these hosts have left.
    func without(hosts: Set<String>) -> Lab {
        hosts.isEmpty
            ? self
            : Lab(
                topology.without(hosts: hosts), source: source, directory: directory, stateDirectory: stateDirectory,
                program: program, workloads: workloads)
    }
}
