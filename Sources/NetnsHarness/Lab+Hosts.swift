import Applier
import Compiler
import Netlink
import NetworkState

/// Converging the hosts of a lab. None depends on another, so several processors share them.
extension Lab {
    /// More would wait for the kernel's one lock on links and routes.
    private static let mostThreads = 4

    /// - `isNew`: whether the lab is just being built, and ends with this process until it is.
    /// - `pins`: neighbours that each host and its containers are told as soon as they are there.
    func convergeHosts(
        isNew: Bool = false, pins: HostState = HostState(), _ progress: (String) -> Void
    ) throws(ApplyError) {
        let turns = Turns<ApplyError>(count: topology.hosts.count)
        let threads = min(Self.mostThreads, ThisProcess.processorCount, topology.hosts.count)
        let lab = self
        try systems { () throws(SystemError) in
            try withFurtherThreads(threads - 1, { lab.convergeHosts(taking: turns, isNew: isNew, pins) { _ in } }) {
                convergeHosts(taking: turns, isNew: isNew, pins, progress)
            }
        }
        if let failure = turns.failure { throw failure }
    }

    /// The hosts of a lab that is just being built, with neighbours that would overflow the kernel's table. Nobody looks at
    /// those: the kernel has one table for all namespaces, and each dump walks the whole of it.
    func convergeHosts(pinning pins: Declaration, _ progress: (String) -> Void) throws(ApplyError) {
        let file = managedPart("neighbours", isNew: true).ledger
        let ledger = Ledger(topology: topology.name, host: "neighbours", entries: pins.state)
        let writing = try systems { () throws(SystemError) in
            try RunningThread { Result { () throws(ApplyError) in try file.write(ledger) } }
        }
        let result = Result { () throws(ApplyError) in
            try convergeHosts(isNew: true, pins: pins.state, progress)
        }
        let written = writing.join()
        try result.get()
        try systems { () throws(SystemError) in try written.get() }.get()
    }

    private func convergeHosts(
        taking turns: Turns<ApplyError>, isNew: Bool, _ pins: HostState, _ progress: (String) -> Void
    ) {
        let settings = SettingFiles()
        while let index = turns.take() {
            let host = topology.hosts[index]
            progress("host \(host.name) (\(index + 1)/\(topology.hosts.count))")
            do throws(ApplyError) {
                var managed = managedHost(host.name, endsWithProcess: isNew, settings: settings)
                try managed.converge(to: CompiledHost(topology, host: index, source: source))
                try managed.add(host.changes(pinning: pins))
                try managed.noticeCarriers()
            } catch { turns.fail(index, error) }
        }
    }
}

extension ValidTopology.Host {
    /// Of `pins`, which know every node by its name, the host's own and its containers'.
    fileprivate func changes(pinning pins: HostState) -> [Change] {
        guard !pins.namespaces.isEmpty else { return [] }
        let places = [(Netns.named(name), Netns.own)] + containers.map { (.named($0.name), $0.netns) }
        return places.flatMap { place, netns in
            (pins.namespaces[place]?.neighbours.sorted ?? []).map { Change(in: netns, from: nil, to: .neighbour($0)) }
        }
    }
}
