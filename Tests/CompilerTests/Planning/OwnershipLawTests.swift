import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// Laws of who owns what, for any topologies and whatever stands in their way.
struct OwnershipLawTests {
    private static let seeds: [UInt64] = Array(1...100)

    private func plan(
        _ declaration: Declaration, _ kernel: ModelKernel, _ ledger: Ledger, takingOver: Bool = false
    ) -> Plan {
        Compiler.plan(
            declaration, topology: "random", host: "h0", observed: kernel.state, ledger: ledger,
            takingOver: takingOver)
    }

    private var noLedger: Ledger { Ledger(topology: "random", host: "h0") }

    @Test(arguments: seeds)
    func `what was taken over is given back, and nothing else is left`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let first = ValidTopology.random(using: &generator).declaration(forHost: 0)
        let second = ValidTopology.random(using: &generator).declaration(forHost: 0)
        var kernel = ModelKernel()
        kernel.obstruct(first, using: &generator)
        let start = kernel

        let refused = plan(first, kernel, noLedger)
        var applied = plan(first, kernel, noLedger, takingOver: true)
        #expect(applied.conflicts.isEmpty)
        // Every conflict is one of those that the other plan takes over.
        for conflict in refused.conflicts {
            let taken = applied.told.filter { $0.netns == conflict.netns && $0.identity == conflict.held.identity }
            #expect(taken.allSatisfy { $0.reason?.hasPrefix("taken over from ") == true })
            #expect(taken.count == 1)
        }
        kernel.execute(applied)
        #expect(plan(first, kernel, applied.ledger).changes.isEmpty)

        applied = plan(second, kernel, applied.ledger, takingOver: true)
        kernel.execute(applied)
        let destroyed = plan(Declaration(), kernel, applied.ledger)
        kernel.execute(destroyed)
        expectSameLines(kernel.state.json.text, start.state.json.text)
        #expect(destroyed.ledger.isEmpty)
    }

    /// A declaration that leaves something open, and a kernel that has had one without any of that applied to it.
    private func partAfterWhole(_ seed: UInt64) -> (part: Declaration, kernel: ModelKernel, ledger: Ledger) {
        var generator = SeededGenerator(seed: seed)
        let whole = ValidTopology.random(using: &generator).declaration(forHost: 0)
        let part = whole.leavingAttributesOpen(using: &generator)
        var kernel = ModelKernel()
        let applied = plan(whole, kernel, noLedger)
        kernel.execute(applied)
        return (part, kernel, applied.ledger)
    }

    @Test(arguments: seeds)
    func `an attribute that is declared no longer is as if it never had been`(_ seed: UInt64) {
        var straight = ModelKernel()
        let (part, kernel, ledger) = partAfterWhole(seed)
        var there = kernel
        let left = plan(part, there, ledger)
        #expect(left.conflicts.isEmpty)
        there.execute(left)
        let direct = plan(part, straight, noLedger)
        straight.execute(direct)
        expectSameLines(there.state.json.text, straight.state.json.text)
        #expect(plan(part, there, left.ledger).changes.isEmpty)
    }

    /// Nobody knows how far a run came that died: what either plan left may be there.
    @Test(arguments: seeds)
    func `an attribute is given back although the run that should have done so died`(_ seed: UInt64) {
        var straight = ModelKernel()
        let (part, kernel, ledger) = partAfterWhole(seed)
        var there = kernel
        let cutShort = plan(part, there, ledger)
        let left = plan(part, there, ledger.union(cutShort.ledger))
        there.execute(left)
        straight.execute(plan(part, straight, noLedger))
        expectSameLines(there.state.json.text, straight.state.json.text)
    }

    @Test(arguments: seeds)
    func `what is left of our pairs goes when no container's namespace is found, and what is somebody's stays`(
        _ seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed)
        let declaration = ValidTopology.random(using: &generator).declaration(forHost: 0)
        let start = ModelKernel()
        var kernel = start
        let applied = plan(declaration, kernel, noLedger)
        kernel.execute(applied)
        kernel.loseNamespaces()
        var others = kernel
        others.giveAwayPairs()

        let theirs = others.theirLinks
        kernel.execute(plan(Declaration(), kernel, applied.ledger))
        others.execute(plan(Declaration(), others, applied.ledger))
        expectSameLines(kernel.state.json.text, start.state.json.text)
        #expect(others.theirLinks == theirs)
    }
}

extension Declaration {
    /// The same, with some of the attributes of its links left open.
    fileprivate func leavingAttributesOpen(using generator: inout some RandomNumberGenerator) -> Declaration {
        var declaration = Declaration()
        for (netns, state) in state.sortedNamespaces {
            if let pointer = pointer(to: .netns, in: netns) { declaration.declare(.netns, in: netns, at: pointer) }
            for resource in state.resources {
                guard let pointer = pointer(to: resource.identity, in: netns) else { continue }
                if case .link(var link) = resource {
                    if Int.random(in: 0..<3, using: &generator) == 0 { link.mtu = nil }
                    if Int.random(in: 0..<6, using: &generator) == 0 { link.address = nil }
                    if Int.random(in: 0..<3, using: &generator) == 0 { link.membership = nil }
                    if Int.random(in: 0..<3, using: &generator) == 0 { link.alias = nil }
                    if Int.random(in: 0..<6, using: &generator) == 0 { link.addrGenMode = nil }
                    declaration.declare(.link(link), in: netns, at: pointer)
                } else {
                    declaration.declare(resource, in: netns, at: pointer)
                }
            }
        }
        return declaration
    }
}

extension ModelKernel {
    /// All but the host's own cannot be found any more, and so neither can the far ends of the pairs that lead there.
    fileprivate mutating func loseNamespaces() {
        let own = state.namespaces[.own] ?? NamespaceState()
        state.namespaces = [.own: own]
        for var link in own.links.sorted where link.peer.map({ $0.netns != .own }) ?? false {
            link.kind = .veth(peer: nil)
            state.insert(.link(link), in: .own)
        }
    }

    fileprivate var theirLinks: [LinkName] {
        state.namespaces[.own]?.links.sorted.filter { $0.alias == "theirs" }.map(\.name) ?? []
    }

    /// Makes somebody else's of each pair whose far end is out of sight.
    fileprivate mutating func giveAwayPairs() {
        for var link in state.namespaces[.own]?.links.sorted ?? [] where link.kind == .veth(peer: nil) {
            link.alias = "theirs"
            state.insert(.link(link), in: .own)
        }
    }

    /// Puts something foreign in the place of some of what `declaration` has for the host itself, as far as it can stand
    /// there before anything is made.
    fileprivate mutating func obstruct(_ declaration: Declaration, using generator: inout some RandomNumberGenerator) {
        for resource in declaration.state.namespaces[.own]?.resources ?? [] where Bool.random(using: &generator) {
            if case .sysctl(let sysctl) = resource, state[.own, resource.identity] != nil, sysctl.device != nil {
                let value = ["0", "1", "2"].randomElement(using: &generator) ?? "0"
                state.insert(.sysctl(Sysctl(sysctl.key, value)), in: .own)
            }
            guard let foreign = resource.foreignVariant(using: &generator) else { continue }
            if case .link(let link) = foreign, state.namespaces[.own]?.links[link.name] == nil {
                make(foreign, in: .own)
            } else if foreign.devices.allSatisfy({ $0.text == "eth0" }) {
                state.insert(foreign, in: .own)
            }
        }
    }
}

extension Resource {
    /// Something of this identity that somebody else may have made.
    fileprivate func foreignVariant(using generator: inout some RandomNumberGenerator) -> Resource? {
        switch self {
        case .link(let link):
            guard !link.isMadeByKernel else { return nil }
            let kinds: [Link.Kind] = [.bridge, .other("dummy"), .vxlan(Link.VXLAN(id: 77, local: nil, port: 4789))]
            let kind = kinds.randomElement(using: &generator)
            return .link(
                Link(
                    name: link.name, kind: kind, mtu: 1234,
                    alias: ["theirs", nil].randomElement(using: &generator) ?? nil,
                    isUp: Bool.random(using: &generator)))
        case .neighbour(let neighbour):
            return .neighbour(
                Neighbour(
                    neighbour.address, device: neighbour.device, linkLayerAddress: MACAddress(bits: 0x0200_0000_0077)))
        case .route(let route):
            let kind: Route.Kind = Bool.random(using: &generator) ? .unreachable : .prohibit
            return .route(Route(route.destination, kind: kind, protocol: .boot, metric: route.metric))
        case .table(let table): return .table(NATTable(name: table.name, text: "table inet \(table.name) {\n}\n"))
        case .netns, .sysctl, .address, .fdb, .nextHop: return nil
        }
    }
}
