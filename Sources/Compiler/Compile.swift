package import NetworkState

/// One host's part of a topology, compiled: what the host should have, and how to get there from any state.
package struct CompiledHost: Sendable {
    package let topology: String
    package let name: String
    package private(set) var declaration: Declaration
    /// Whether what is foreign and stands in the way gives way.
    private let takesOver: Bool
    private let uplinks: [LinkName]
    private let source: SourceText?
    /// Where everything is that a declaration may come from; nil where that is looked up when it is asked for.
    private let places: [JSONPointer: String]?

    /// Costs what this one host needs; `host` is an index into ``ValidTopology/hosts``.
    ///
    /// - `takesOver`: whether what is foreign and stands in the way gives way.
    /// - `places`: for many hosts of one source, ``ValidTopology/pointersOfHosts`` looked up in it once.
    package init(
        _ topology: ValidTopology, host index: Int, source: SourceText?, places: [JSONPointer: String]? = nil,
        takesOver: Bool = false
    ) {
        let host = topology.hosts[index]
        self.topology = topology.name
        name = host.name
        declaration = topology.declaration(forHost: index)
        uplinks = host.uplinks.map(\.name)
        self.source = source
        self.places = places
        self.takesOver = takesOver
    }

    /// Some `declaration` that is no topology host's, such as a lab's wires, or none at all, to remove what is ours.
    package init(topology: String, name: String, declaration: Declaration = Declaration()) {
        self.topology = topology
        self.name = name
        self.declaration = declaration
        uplinks = []
        source = nil
        places = nil
        takesOver = false
    }

    /// The same with a link that has been set down on purpose, and is to stay so.
    package mutating func leaveDown(_ link: LinkName, in netns: Netns) { declaration.leaveDown(link, in: netns) }

    /// From `observed` to what is declared; `ledger` is nil where none was found.
    package func plan(observed: HostState, ledger: Ledger?) -> Plan {
        Compiler.plan(
            declaration, topology: topology, host: name, observed: observed, ledger: ledger, takingOver: takesOver
        ) { pointers in
            locations(of: pointers)
        }
    }

    private func locations(of pointers: some Sequence<JSONPointer>) -> [JSONPointer: String] {
        places ?? source?.locations(of: pointers) ?? [:]
    }

    /// What the marks in the kernel tell to be ours, where the ledger is lost.
    package func ledger(recoveredFrom observed: HostState) -> Ledger {
        Ledger(recovering: declaration.state, from: observed, topology: topology, host: name)
    }

    /// Against a machine that has its own links and nothing else: what compiling without a kernel is.
    package var offlinePlan: Plan {
        let observed = untouched
        if !takesOver {
            var fresh = FreshPlan(
                declaration, topology: topology, host: name, observed: observed,
                places: places ?? source?.locations(of: declaration.allPointers) ?? [:])
            if let plan = fresh.plan() { return plan }
        }
        return plan(observed: observed, ledger: Ledger(topology: topology, host: name))
    }

    /// Against a machine that has had `former` applied to it and nothing else happen to it: what the next apply there
    /// would do, as far as that can be told without asking. Settings that go back to what the machine had before weft
    /// cannot.
    package func plan(after former: CompiledHost) -> Plan {
        var observed = former.declaration.state
        for (netns, state) in former.declaration.state.namespaces {
            for sysctl in state.sysctls.unordered {
                // The default is there, or the planner would take a link for lost to its setting.
                if let origin = sysctl.origin { observed.insert(.sysctl(Sysctl(origin, sysctl.value)), in: netns) }
            }
        }
        for (netns, state) in former.untouched.sortedNamespaces + untouched.sortedNamespaces {
            for link in state.links.sorted.map(Resource.link) where observed[netns, link.identity] == nil {
                observed.insert(link, in: netns)
            }
        }
        return plan(observed: observed, ledger: former.offlinePlan.ledger)
    }

    /// What a machine has that weft has never come to: its links, and its containers' that run already.
    var untouched: HostState {
        var untouched = HostState([.own: NamespaceState()])
        for name in uplinks { untouched.insert(.link(Link(name: name, isUp: true)), in: .own) }
        for netns in [Netns.own] + declaration.workloads.map(\.netns) {
            for link in declaration.state.namespaces[netns]?.links.sorted ?? [] where link.isMadeByKernel {
                untouched.insert(.link(Link(name: link.name, kind: link.kind, isUp: false)), in: netns)
            }
        }
        return untouched
    }

    /// The containers that are to be networked here and whose namespaces `observed` does not have, each with where the
    /// topology names it.
    package func absentWorkloads(in observed: HostState) -> [(container: String, netns: Netns, source: String?)] {
        let absent = declaration.workloads.filter { observed.namespaces[$0.netns] == nil }
        let places = absent.isEmpty ? [:] : locations(of: absent.map(\.pointer))
        return absent.map { ($0.container, $0.netns, places[$0.pointer]) }
    }
}

extension ValidTopology {
    /// Where everything stands that any host's declaration may come from.
    package var pointersOfHosts: Set<JSONPointer> {
        var pointers: Set = [networkPointer]
        for host in hosts {
            pointers.formUnion([host.pointer, host.blocksPointer])
            pointers.formUnion(host.containers.pointers)
            pointers.formUnion(host.borrowed.map(\.pointer))
        }
        return pointers
    }
}
