import Compiler
import Netlink
import NetworkState

/// One look at a lab: everything on a list found out, and held against what it should be.
struct CheckRound {
    let lab: Lab
    let list: CheckList
    let nodes: [ProbeNode]
    /// After which event, if any.
    let event: String?
    let places: CheckPlaces

    /// What a look has shown.
    struct Result {
        var outcomes: [ProbeOutcome] = []
        var checks: [Check] = []

        var isAsExpected: Bool {
            outcomes.allSatisfy(\.isAsExpected) && checks.allSatisfy { $0.status != .failed }
        }
    }

    /// - `patience`: of the probes.
    /// - `stopsEarly`: whether to look no further once something is not as expected.
    func run(patience: ProbePatience = .standard, stopsEarly: Bool = false) throws(SystemError) -> Result {
        var result = Result(outcomes: try probe(patience))
        if stopsEarly, !result.isAsExpected { return result }
        result.checks += try checkOnTheWire()
        if stopsEarly, !result.isAsExpected { return result }
        result.checks += try checkMTUs() + checkDeliveries()
        return result
    }

    private func probe(_ patience: ProbePatience) throws(SystemError) -> [ProbeOutcome] {
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        return try withExtendedLifetime(namespaces) { () throws(SystemError) in
            try Prober(nodes: nodes, namespaces: namespaces.descriptors).run(list.probes, patience: patience)
        }
    }

    /// What has to be seen, with sockets that go again before anything is measured.
    private func checkOnTheWire() throws(SystemError) -> [Check] {
        if list.gateways.isEmpty, list.passages.isEmpty { return [] }
        let tap = try Tap(on: lab.nodes.filter { $0.kind != .segment }.map(\.name), in: lab.directory)
        return try checkGateways(tap) + checkPassages(tap)
    }

    func place(_ origin: CheckList.Origin) -> SourcePlace? { origin.flatMap { places[$0] } }
}
