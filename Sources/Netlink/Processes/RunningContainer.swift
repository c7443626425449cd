import Glibc

/// A container of whatever has started it, as its process shows it: the first of a process namespace, in a network namespace that is
/// not this process's.
package struct RunningContainer: Hashable, Sendable {
    /// By which this process knows its first process.
    package let process: CInt
    /// `nginx`
    package let command: String

    /// All that this user may look into, by number; one for each network.
    package static func all() throws(SystemError) -> [RunningContainer] {
        guard let own = network(of: "self") else { return [] }
        var seen: Set<NetworkNamespace.Identity> = [own]
        var found: [RunningContainer] = []
        for process in try listDirectory("/proc").compactMap({ CInt($0) }).sorted() {
            // One that ends meanwhile is none.
            guard isFirst(process), let network = network(of: "\(process)"), seen.insert(network).inserted,
                let command = try? readFile("/proc/\(process)/comm")
            else { continue }
            found.append(RunningContainer(process: process, command: command.trimmingLine))
        }
        return found
    }

    /// Its numbers are in all namespaces that it is in, the innermost last (proc_pid_status(5)).
    private static func isFirst(_ process: CInt) -> Bool {
        guard let status = try? readFile("/proc/\(process)/status") else { return false }
        let numbers = status.split(separator: "\n").first { $0.hasPrefix("NSpid:") }?.split { $0 == "\t" || $0 == " " }
        return (numbers?.count ?? 0) > 2 && numbers?.last == "1"
    }

    private static func network(of process: String) -> NetworkNamespace.Identity? {
        var status = stat()
        return unsafe stat("/proc/\(process)/ns/net", &status) == 0 ? NetworkNamespace.Identity(status) : nil
    }
}

extension String {
    fileprivate var trimmingLine: String { String(prefix { $0 != "\n" }) }
}
