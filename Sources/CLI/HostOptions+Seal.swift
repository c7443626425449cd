import Applier
import Compiler
import Netlink
import NetnsHarness
import NetworkState

/// Where nothing has changed since a run that found nothing to change, neither plan nor apply read the topology.
extension HostOptions {
    /// A hash of this program and all that it is given; nil for a host of a lab, whose links may have been set down on purpose.
    func wish(_ source: SourceText, takingOver: Bool) -> UInt64? {
        guard lab == nil, let program = try? fileMark("/proc/self/exe") else { return nil }
        var hash = StableHash()
        for word in [program, hostName, "\(takingOver)", source.defaultTopologyName] + source.files.map(\.name) {
            hash.add(word.utf8)
            hash.add(0 as UInt8)
        }
        for file in source.files { hash.add(word: file.bytes.inPlace.digest) }
        return hash.value
    }

    /// The plan without a change, if that is known without making one.
    func knownPlan(_ wish: UInt64?) throws -> Plan? {
        guard let wish else { return nil }
        var managed = try managedHost(hostName)
        guard let count = try converging({ () throws(ApplyError) in try managed.unchangedCount(forWish: wish) })
        else { return nil }
        return Plan(
            topology: "", host: hostName, changes: [], unchanged: count, ledger: Ledger(topology: "", host: hostName))
    }

    private var hostName: String { host ?? ThisProcess.hostname }
}
