import NetworkState
import TestSupport

@testable import Compiler

/// Plans of random topologies, one after another on the same host.
enum RandomPlans {
    static func of(seed: UInt64) -> [Plan] { steps(seed: seed).map(\.plan) }

    /// Each plan, and the kernel before and after it was carried out.
    static func steps(seed: UInt64) -> [(plan: Plan, kernel: (before: HostState, after: HostState))] {
        var generator = SeededGenerator(seed: seed)
        var kernel = ModelKernel()
        var ledger = Ledger(topology: "random", host: "h0")
        let topologies: [ValidTopology?] = [.random(using: &generator), .random(using: &generator), nil]
        return topologies.map { topology in
            let before = kernel.state
            let plan = plan(
                topology?.declaration(forHost: 0) ?? Declaration(), topology: "random", host: "h0",
                observed: before, ledger: ledger)
            kernel.execute(plan)
            ledger = plan.ledger
            return (plan, (before, kernel.state))
        }
    }
}

/// Small plans of a host A, made by hand.
enum Sample {
    static let eth0 = Link(name: LinkName(known: "eth0"), kind: .other(""), mtu: 1500, isUp: true)

    /// Of a VXLAN link whose identifier changes, with what is on it.
    static let replacing = plan(from: [vxlan(9)] + onVXLAN, and: [foreignNeighbour], to: [vxlan(10)] + onVXLAN)

    /// The host that ``replacing`` is for.
    static let replacingFrom = host(having: [vxlan(9)] + onVXLAN + [foreignNeighbour])

    private static let foreignNeighbour = Resource.neighbour(
        Neighbour(IPAddress(v4: 0xac11_0909), device: vx9, linkLayerAddress: mac(99)))

    /// Twelve entries of its forwarding table, and three routes.
    private static let onVXLAN: [Resource] =
        (1...12).map { number in
            .fdb(ForwardingEntry(mac(number), device: vx9, remote: IPAddress(v4: 0xc0a8_6400 + UInt32(number))))
        } + (1...3).map { .route(Route(prefix(0xac11_0000 + UInt32($0) << 8, 24), device: vx9)) }

    /// Of a host on which a foreign route holds the place of a declared one, and a link is not there that others need.
    static let conflicting: Plan = {
        let held = Resource.route(Route(prefix(0xac11_0800, 24), device: eth0.name, protocol: .boot))
        let wanted = Resource.route(Route(prefix(0xac11_0800, 24), kind: .blackhole))
        let hopeless = Resource.route(Route(prefix(0xac11_0900, 24), device: LinkName(known: "eth7")))
        return plan(from: [], and: [held], to: [wanted, hopeless])
    }()

    /// One that is kept for later.
    static let kept: Plan = {
        var plan = replacing
        var witness = Witness(boot: "6f83be4f-a50b-4ae9-a992-a634ad927214", ledger: plan.ledger)
        witness.namespaces[.own] = Witness.Namespace(inode: 4_026_531_840, cookie: 1, links: [vx9: 7, eth0.name: 2])
        witness.namespaces[.named("A1")] = Witness.Namespace(inode: 4_026_532_000, cookie: nil, links: [:])
        plan.witness = witness
        return plan
    }()

    /// One that has everything that a plan may have.
    static let whole: Plan = {
        var plan = kept
        plan.conflicts = conflicting.conflicts
        plan.missingLinks = conflicting.missingLinks
        return plan
    }()

    static let vx9 = LinkName(known: "vx9")

    static func vxlan(_ id: UInt32) -> Resource {
        .link(Link(name: vx9, kind: .vxlan(Link.VXLAN(id: id, local: nil, port: 4789)), mtu: 1450, isUp: true))
    }

    static func mac(_ number: Int) -> MACAddress { MACAddress(bits: 0x02_0000_0000_00 + UInt64(number)) }

    static func prefix(_ bits: UInt32, _ length: Int) -> IPPrefix {
        guard let prefix = IPPrefix(IPAddress(v4: bits), length: length) else { preconditionFailure("\(length)") }
        return prefix
    }

    /// On a host that has `eth0`, `ours` and what is `foreign`, all in its own namespace.
    static func plan(from ours: [Resource], and foreign: [Resource], to wanted: [Resource]) -> Plan {
        var ledger = Ledger(topology: "sample", host: "A")
        var declaration = Declaration()
        for resource in ours { ledger.entries.insert(resource, in: .own) }
        for resource in wanted { declaration.declare(resource, at: .root) }
        return Compiler.plan(
            declaration, topology: "sample", host: "A", observed: host(having: ours + foreign), ledger: ledger)
    }

    private static func host(having resources: [Resource]) -> HostState {
        var state = HostState()
        for resource in [.link(eth0)] + resources { state.insert(resource, in: .own) }
        return state
    }
}
