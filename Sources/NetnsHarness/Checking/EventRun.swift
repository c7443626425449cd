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

    init(_ lab: Lab) {
        self.lab = lab
        agents = LabAgents(lab)
    }

    /// As it is at present: without the hosts that have left.
    var present: Lab { lab.without(hosts: absent) }

    /// Nil once it has happened; else why it has not.
    mutating func perform(_ action: ValidTopology.Event.Action) throws(ApplyError) -> String? {
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
        case .down, .up, .impair, .clear:
            return "this version of weft cannot impair links or set them down yet: use run with ip and tc"
        }
        return nil
    }

    private func run(_ command: [String], in node: String) throws(SystemError) -> String? {
        let finished = try lab.run(command, in: node)
        guard finished.status != 0 else { return nil }
        let words = finished.said.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return "'\(command.joined(separator: " "))' in \(node) ended with \(finished.status)\(words)"
    }

    mutating func end() throws(SystemError) { try agents.stopAll() }
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
                program: program)
    }
}
