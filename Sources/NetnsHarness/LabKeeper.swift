import Applier
import Compiler
package import Netlink
import NetworkState
import Synchronization

/// Hands labs that this process has built to processes of their own, so that they outlive it as if `weft lab up` had
/// built them.
package final class LabKeeper: Sendable {
    private let registry: LabRegistry
    /// Keeps the list of labs in reach, which is out of sight once this process has moved into a lab.
    private let folder: FileDirectory
    /// Of two labs with one name, the second must see that the first has it.
    private let turn = Mutex(())

    /// Call it before this process moves into a lab.
    package init() throws(SystemError) {
        let path = LabRegistry.ofThisUser().directory
        try createDirectories(path)
        let folder = try FileDirectory(path)
        registry = LabRegistry(directory: folder.lastingPath)
        self.folder = folder
    }

    /// Keeps a lab that is up in the calling thread's mounts, and tells what it is called: as its topology, or with a
    /// number if another is called so.
    func keep(_ lab: Lab) throws(ApplyError) -> String {
        try turn.withLock { _ throws(ApplyError) in
            try systems { () throws(SystemError) in
                let name = try freeName(lab.topology.name)
                // Those that run now end with this process.
                try LabForwarders(lab).stopAll()
                let holder = try LabHolder.keep(lab, as: name, in: registry)
                try LabForwarders(lab).converge(holder: holder)
                return name
            }
        }
    }

    private func freeName(_ wanted: String) throws(SystemError) -> String {
        var name = wanted
        var number = 1
        while try registry.find(name) != nil {
            number += 1
            name = "\(wanted)-\(number)"
        }
        return name
    }
}
