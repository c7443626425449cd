import Compiler
import NetworkState

@testable import NetnsHarness

extension FiledReport {
    /// What a test tells of a topology whose containers reach each other by all protocols; each pair's path and
    /// encapsulation is looked at too.
    ///
    /// - `lost`: one that is not reached, and reaches none.
    init(allReachedIn source: SourceText, losing lost: String? = nil) throws {
        let topology = try load(source)
        let nodes = topology.probeNodes.filter { $0.host != nil }
        let pairs = nodes.flatMap { from in nodes.filter { $0.name != from.name }.map { (from, $0) } }
        let hosts = Dictionary(uniqueKeysWithValues: topology.hosts.map { ($0.name, $0) })
        var (outcomes, checks) = ([ProbeOutcome](), [Check]())
        for (index, (from, to)) in pairs.enumerated() {
            let path = topology.path(from: from, to: to, hosts)
            let isLost = [from.name, to.name].contains(lost)
            outcomes += ProbeProtocol.allCases.map { kind in
                let time = isLost ? nil : 20 + (index + kind.rawValue.utf8.count) % 200
                return Self.outcome(from, to, kind, time, path: path)
            }
            checks.append(Self.check(.path, from, to, path, expected: path.joined(separator: " ")))
            checks.append(Self.check(.encapsulation, from, to, path, expected: "none"))
        }
        self.init(
            file: source.name,
            report: ReachabilityReport(
                topology: topology.name, nodes: topology.probeNodes, wiring: Wiring(topology), outcomes: outcomes,
                checks: checks))
    }

    /// - `time`: nil of one that is lost.
    private static func outcome(
        _ from: ProbeNode, _ to: ProbeNode, _ kind: ProbeProtocol, _ time: Int?, path: [String]
    ) -> ProbeOutcome {
        let probe = Probe(
            from: from.name, to: to.name, address: to.addresses[0], protocol: kind, source: .kept(from.sources))
        var outcome = ProbeOutcome(
            probe: probe, isReachable: time != nil, roundTripMicroseconds: time,
            cause: time == nil ? "no answer" : nil, observedSource: kind == .icmp ? nil : from.addresses[0])
        if kind == .icmp { outcome.sight = Sight(path: time == nil ? [from.name] : path, lastSeen: nil) }
        return outcome
    }

    private static func check(
        _ kind: CheckKind, _ from: ProbeNode, _ to: ProbeNode, _ path: [String], expected: String
    ) -> Check {
        var check = Check(
            kind: kind, from: from.name, to: to.name, address: to.addresses[0], protocol: .icmp, expected: expected,
            observed: expected, status: .passed)
        check.path = path
        return check
    }
}

extension ValidTopology {
    /// Through their hosts, and the last router between networks.
    fileprivate func path(from: ProbeNode, to: ProbeNode, _ hosts: [String: Host]) -> [String] {
        guard let near = hosts[from.host ?? ""], let far = hosts[to.host ?? ""] else { return [] }
        if near.name == far.name { return [from.name, near.name, to.name] }
        let isDirect = near.uplinks[0].segment == far.uplinks[0].segment
        return [from.name, near.name] + (isDirect ? [] : routers.suffix(1).map(\.name)) + [far.name, to.name]
    }
}
