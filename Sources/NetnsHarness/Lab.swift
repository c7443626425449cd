package import Applier
package import Compiler
package import Netlink
import NetworkState

/// A topology at work on this machine: every node a namespace, every wire a veth pair, every host converged by the
/// same applier that a real host has.
///
/// It lives in a process that has secluded itself (``Seclusion``): its namespaces are mounts that only that process
/// and its children see, so they end with it, however it ends.
package struct Lab: Sendable {
    package let topology: ValidTopology
    package let source: SourceText
    package let directory: NetnsDirectory
    /// Where the hosts' ledgers are, a file each.
    package let stateDirectory: String
    /// The `weft` that the hosts' forwarders are.
    package let program: String
    /// Of containers that run already; nil where the topology has none.
    let workloads: Workloads?

    package static let stateDirectory = "/run/weft"

    package init(
        _ topology: ValidTopology,
        source: SourceText,
        directory: NetnsDirectory = NetnsDirectory(),
        stateDirectory: String = stateDirectory,
        program: String = ThisProcess.program,
        workloads: Workloads? = nil
    ) {
        self.topology = topology
        self.source = source
        self.directory = directory
        self.stateDirectory = stateDirectory
        self.program = program
        self.workloads = workloads
    }

    /// Builds the machines and their wires, then converges each host. Tells whether it has filled in the neighbours
    /// that ARP would have found.
    ///
    /// - `isBare`: whether to stop at the machines and wires, and leave the hosts to their agents.
    /// - `hostPairs`: the hosts that will talk to each other, as indices; all with all if nothing is said, up to
    ///   ``wholeMeshLimit`` hosts.
    /// - `sharing`: how many labs the kernel's neighbour table has to do for.
    /// - `mayPin`: whether it may fill in neighbours. Not where it is to be seen how they find each other, and only few will.
    @discardableResult
    package func up(
        isBare: Bool = false, hostPairs: [(Int, Int)]? = nil, sharing: Int = 1, mayPin: Bool = true,
        progress: (String) -> Void = { _ in }
    ) throws(ApplyError) -> Bool {
        // In a bare lab there are no containers yet that could be told their neighbours.
        let needsPins = mayPin && !isBare && needsPins(NeighbourTable.orStandard(), sharing: sharing)
        try wire(isNew: true, progress)
        if needsPins {
            try convergeHosts(pinning: topology.neighbourPins(hostPairs: hostPairs ?? allHostPairs), progress)
        } else if !isBare {
            try convergeHosts(isNew: true, progress)
        }
        if isBare { try awaitSwitches(of: []) } else { try settle(holder: nil) }
        return needsPins
    }

    /// - `ledgers`: of the hosts that are there already.
    /// - `isNew`: whether the lab is just being built, and ends with this process until it is.
    func wire(
        besides ledgers: [String: Ledger] = [:], isNew: Bool = false, _ progress: (String) -> Void
    ) throws(ApplyError) {
        try workloads?.attach(topology, in: directory)
        progress("wiring \(topology.hosts.count) hosts, \(topology.segments.count) segments")
        let declaration = topology.underlayDeclaration()
        guard isNew else { return try converge("underlay", declaration.leavingSettings(of: ledgers)) }
        var managed = managedPart("underlay", isNew: true)
        try managed.begin(with: CompiledHost(topology: topology.name, name: "underlay", declaration: declaration))
        try systems { () throws(SystemError) in try freeSwitchesOfFilters() }
    }

    /// A switch knows no firewall. Where the kernel has `br_netfilter`, what crosses a bridge goes through the hooks of IP as
    /// well, which a tenth of a probe's time is spent on; each namespace has a setting of its own for that (since Linux 5.3).
    private func freeSwitchesOfFilters() throws(SystemError) {
        let settings = SettingFiles()
        for segment in topology.segments {
            let files = try settings.open(Self.bridgeFilters, to: .write, in: directory.open(segment.name))
            guard case .success? = files.first else { return }
            // The lab works either way.
            for file in files { try? file.get().write("0") }
        }
    }

    private static let bridgeFilters = ["arptables", "iptables", "ip6tables"].map {
        "net/bridge/bridge-nf-call-\($0)"
    }

    /// Fills in neighbours if they would overflow the kernel's table; else those that were filled in go.
    func pinNeighbours() throws(ApplyError) {
        let isNeeded = needsPins(NeighbourTable.orStandard())
        try converge(
            "neighbours", isNeeded ? neighbourPins : Declaration())
    }

    /// The neighbours that it fills in where the kernel's table has no room for those who look for each other.
    package var neighbourPins: Declaration { topology.neighbourPins(hostPairs: allHostPairs) }

    /// Waits until what was made works: forwarders run, among the processes of the lab that `holder` holds or with this
    /// one, and bridges forward.
    func settle(holder: CInt?) throws(ApplyError) {
        try systems { () throws(SystemError) in try LabForwarders(self).converge(holder: holder) }
        try awaitSwitches(of: topology.model.attachment == .bridged ? topology.hosts.map(\.name) : [])
    }

    /// Whether the lab's own traffic would overflow the kernel's neighbour table as it was before the lab, so that the
    /// lab has to fill it in. A quarter of the room is left to whatever else the machine does.
    package func needsPins(_ table: NeighbourTable, sharing: Int = 1) -> Bool {
        topology.learntNeighbourCount > table.room * 3 / 4 / sharing
    }

    /// A mesh of more hosts has more entries than are worth their memory, as long as nobody says who will talk.
    package static let wholeMeshLimit = 300

    private var allHostPairs: [(Int, Int)] {
        guard topology.hosts.count <= Self.wholeMeshLimit else { return [] }
        return topology.hosts.indices.flatMap { from in topology.hosts.indices.map { (from, $0) } }
    }

    /// A switch that is not ready loses the first packets, and would be blamed on the topology.
    func awaitSwitches(of hosts: [String]) throws(ApplyError) {
        var applier = Applier(HostNamespaces(directory: directory.path))
        for name in topology.segments.map(\.name) + hosts {
            _ = try applier.awaitForwarding(in: .named(name), within: .seconds(10))
        }
    }

    /// Applies what is the lab's own and no host's.
    private func converge(_ part: String, _ declaration: Declaration) throws(ApplyError) {
        var managed = managedPart(part, isNew: false)
        try managed.converge(to: CompiledHost(topology: topology.name, name: part, declaration: declaration))
    }

    func managedPart(_ part: String, isNew: Bool) -> ManagedHost {
        ManagedHost(
            part, namespaces: HostNamespaces(directory: directory.path), stateDirectory: "\(stateDirectory)/lab",
            linksDown: linksDown, lockTimeout: .seconds(10), endsWithProcess: isNew)
    }

    /// A host of this lab, to be planned for, applied to or destroyed like any other.
    package func managedHost(
        _ name: String, lockTimeout: Duration = .zero, endsWithProcess: Bool = false,
        settings: SettingFiles = SettingFiles()
    ) -> ManagedHost {
        ManagedHost(
            name, namespaces: HostNamespaces(own: .named(name), directory: directory.path),
            stateDirectory: stateDirectory, lockTimeout: lockTimeout, endsWithProcess: endsWithProcess,
            settings: settings)
    }

    /// The numbers of the processes that its hosts' packets pass through, in models that have such.
    package var forwarders: [CInt] {
        get throws(SystemError) { try LabForwarders(self).processes().sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Every namespace of the lab: containers, hosts, routers, servers, switches.
    package var nodes: [LabNode] {
        let hosts = topology.hosts.flatMap { host in
            [LabNode(name: host.name, kind: .host, addresses: host.uplinks.flatMap { $0.addresses.map(\.address) })]
                + host.containers.map {
                    LabNode(name: $0.name, kind: .container(of: host.name), addresses: $0.addresses)
                }
        }
        let machines = topology.routers.map { ($0, LabNode.Kind.router) } + topology.servers.map { ($0, .server) }
        let outside = machines.map { machine, kind in
            LabNode(name: machine.name, kind: kind, addresses: machine.uplinks.flatMap { $0.addresses.map(\.address) })
        }
        return hosts + outside + topology.segments.map { LabNode(name: $0.name, kind: .segment, addresses: []) }
    }

    /// Ends the lab before its process does, so that another can be built in its place.
    package func down() throws(SystemError) {
        try LabForwarders(self).stopAll()
        leaveWorkloads()
        try directory.removeAll()
        try linksDown.remove()
        for folder in [stateDirectory, "\(stateDirectory)/lab"] {
            for host in topology.hosts.map(\.name) + ["underlay", "neighbours"] {
                try removeFile(LedgerFile(directory: folder, host: host).path)
            }
        }
    }
}

extension Lab {
    /// Gives containers that outlive the lab back as they were. Whatever fails: the wires go with the lab's namespaces.
    private func leaveWorkloads() {
        for host in topology.hosts where host.containers.contains(where: { $0.workload != nil }) {
            var managed = managedHost(host.name)
            _ = try? managed.destroy(lost: nil)
        }
    }
}

extension Declaration {
    /// The same with those settings of machines as their hosts have set them since: to put one back as it was, and have its
    /// host set it again, would cost packets.
    func leavingSettings(of ledgers: [String: Ledger]) -> Declaration {
        var declaration = self
        for (host, ledger) in ledgers {
            let machine = Netns.named(host)
            for sysctl in ledger.entries.namespaces[.own]?.sysctls.sorted ?? [] {
                guard let pointer = pointer(to: .sysctl(sysctl.key), in: machine) else { continue }
                declaration.declare(.sysctl(sysctl), in: machine, at: pointer)
            }
        }
        return declaration
    }
}
