import Applier
import Compiler
import Foundation
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// Laws that hold for any topologies, on this kernel.
@Suite(.namespaces)
struct KernelLawTests {
    private static let seeds: [UInt64] = Array(1...12)

    @Test(arguments: seeds)
    func `where a host came from does not matter, and nothing remains of what it was`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (first, second) = (CompiledHost.random(using: &generator), CompiledHost.random(using: &generator))
        let stage = try Stage(first, second)
        let start = try stage.state

        var managed = stage.managedHost
        try managed.converge(to: first)
        #expect(try managed.plan(for: first).changes.isEmpty)
        try managed.converge(to: second)
        #expect(try managed.plan(for: second).changes.isEmpty)
        let (viaFirst, ledgerViaFirst) = (try stage.state, try stage.ledger.read())
        try destroy(on: stage, leaving: start)

        try managed.converge(to: second)
        expectSameLines(viaFirst.json.text, try stage.state.json.text)
        expectSameLines(ledgerViaFirst?.json.text ?? "", try stage.ledger.read()?.json.text ?? "")
        try destroy(on: stage, leaving: start)
    }

    private func destroy(on stage: Stage, leaving start: HostState) throws {
        var managed = stage.managedHost
        _ = try managed.destroy(lost: nil)
        expectSameLines(try stage.state.json.text, start.json.text)
        #expect(try stage.ledger.read() == nil)
    }

    /// At one change in five, at others for each seed.
    @Test(arguments: seeds)
    func `whichever change fails, the host and its ledger are as they were`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (first, second) = (CompiledHost.random(using: &generator), CompiledHost.random(using: &generator))
        let stage = try Stage(first, second)
        for host in [first, second] {
            let (state, ledger) = (try stage.state, try stage.ledger.read())
            var managed = stage.managedHost
            let count = try managed.plan(for: host).changes.count
            for place in 0...count where (place + Int(seed)).isMultiple(of: 5) {
                let error = #expect(throws: ApplyError.self, "at \(place)") {
                    try stage.apply(host, failingAt: place)
                }
                #expect(error?.outcome == .rolledBack || error?.outcome == .unchanged, "at \(place): \(error as Any)")
                expectSameLines(try stage.state.json.text, state.json.text, "at \(place)")
                #expect(try stage.ledger.read() == ledger)
            }
            try managed.converge(to: host)
        }
    }
}

extension CompiledHost {
    /// The first host of a random topology whose model this kernel can carry out.
    fileprivate static func random(using generator: inout SeededGenerator) -> CompiledHost {
        let topology = ValidTopology.random(using: &generator) { topology in
            topology.model.neededFeatures.allSatisfy(ThisKernel.has)
        }
        return CompiledHost(topology, host: 0, source: nil)
    }
}

/// The first host of random topologies, as it is before weft comes: a namespace with an uplink.
private final class Stage {
    /// A route through a gateway that nothing leads to: the kernel refuses it.
    private static let impossible = Change(
        in: .own, from: nil,
        to: .route(
            Route(
                IPPrefix.everything(.v4), via: IPAddress(parsing: "203.0.113.1"), device: LinkName(known: "eth0"),
                metric: 77)))
    private static let name = "h0"

    private let directory: NetnsDirectory
    private let folder = "/run/weft-\(UUID().uuidString)"
    private let interest: HostState
    let ledger: LedgerFile

    /// - `first`, `second`: hosts whose settings are to be looked at.
    init(_ first: CompiledHost, _ second: CompiledHost) throws {
        directory = NetnsDirectory("\(folder)/netns")
        ledger = LedgerFile(directory: folder, host: Self.name)
        interest = first.declaration.state.union(second.declaration.state)
        try directory.create(Self.name)
        let finished = try run(
            ["nsenter", "--net=\(directory.file(of: Self.name))", "sh", "-eu"],
            input: """
                ip link set lo up
                ip link add eth0 address 02:00:00:00:00:01 type veth peer name far address 02:00:00:00:00:02
                for link in eth0 far; do ip link set dev $link addrgenmode none up; done
                ip address add 192.168.100.100/24 dev eth0
                ip address add fd00:100::64/64 dev eth0 nodad
                for key in all/rp_filter default/rp_filter all/forwarding; do
                    echo 0 > /proc/sys/net/ipv4/conf/$key
                done
                echo 0 > /proc/sys/net/ipv6/conf/all/forwarding
                for family in 4 6; do echo 1 > /proc/sys/net/ipv$family/conf/far/forwarding; done
                """)
        try #require(finished.status == 0, "\(finished.errors)")
    }

    deinit { try? directory.removeAll() }

    private var namespaces: HostNamespaces { HostNamespaces(own: .named(Self.name), directory: directory.path) }

    var managedHost: ManagedHost {
        ManagedHost(Self.name, namespaces: namespaces, stateDirectory: folder)
    }

    /// Without the routes that come with links' own addresses: every link has one of the same identity, of which one is
    /// seen.
    var state: HostState {
        get throws {
            var state = try namespaces.state(of: directory.list().filter { $0 != Self.name }, interest)
            for (netns, inside) in state.namespaces {
                for route in inside.routes.sorted
                where route.protocol == .kernel && route.destination.address.isLinkLocal {
                    state.namespaces[netns]?.remove(.route(route.identity))
                }
            }
            return state
        }
    }

    /// As a run does, but for a change at `place` that the kernel refuses.
    func apply(_ host: CompiledHost, failingAt place: Int) throws {
        var applier = Applier(namespaces)
        _ = try applier.converge(to: host.declaration.state, ledger: ledger) { observed, known throws(ApplyError) in
            var plan = host.plan(observed: observed, ledger: known)
            plan.changes.insert(Self.impossible, at: place)
            return plan
        }
    }
}
