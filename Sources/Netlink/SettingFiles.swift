import CLinux
import Glibc

/// A file of settings that was opened in a namespace: what ``SettingFiles`` brings back from there.
package final class SettingFile: Sendable {
    private let descriptor: OwnedFileDescriptor
    private let path: String

    fileprivate init(_ key: String, below root: CInt?, _ flags: CInt) throws(SystemError) {
        let path = "/proc/sys/\(key)"
        self.path = path
        descriptor = try OwnedFileDescriptor(
            owning: systemCall("open \(path)") {
                if let root { return unsafe openat(root, "sys/\(key)", flags | O_CLOEXEC) }
                return unsafe Glibc.open(path, flags | O_CLOEXEC)
            })
    }

    package func read() throws(SystemError) -> String { try descriptor.readAll(path) }
    package func write(_ text: String) throws(SystemError) { try descriptor.writeAll(text, path) }
}

/// Opens settings of namespaces, the files below `/proc/sys/net`, whose meaning depends on the namespace that they are opened in.
///
/// All namespaces' settings have one name in one directory of a `/proc`: to find those of one, the kernel passes those of all
/// that have been looked up before (`proc_sys_compare` in fs/proc/proc_sysctl.c), a thousand in a large lab. Whoever visits many
/// goes on with a `/proc` of its own that knows none of them yet.
package final class SettingFiles {
    package enum Access: Sendable {
        case read, write
    }

    /// A new `/proc` costs as much as some dozens of entries to pass (measured).
    private static let visitsOfEach = 32

    private var visits = 0
    private var root: OwnedFileDescriptor?
    /// Whether the kernel lets this user have one.
    private var mayMount = true

    package init() {}

    deinit { letGo() }

    /// Those called by `keys`, such as `net/ipv4/ip_forward`, having entered `namespace` just once.
    package func open(
        _ keys: [String], to access: Access, in namespace: borrowing NetworkNamespace
    ) throws(SystemError) -> [Result<SettingFile, SystemError>] {
        countVisit()
        let root = root?.rawValue
        return try namespace.run { () throws(SystemError) in
            keys.map { key in
                Result { () throws(SystemError) in
                    try SettingFile(key, below: root, access == .read ? O_RDONLY : O_WRONLY)
                }
            }
        }
    }

    private func countVisit() {
        visits += 1
        guard visits > Self.visitsOfEach, mayMount else { return }
        visits = 1
        letGo()
        let directory = clinux_mount_proc()
        mayMount = directory >= 0
        root = mayMount ? OwnedFileDescriptor(owning: directory) : nil
    }

    /// Nobody needs to wait until it is taken apart, some milliseconds (`namespace_unlock` in fs/namespace.c, a grace period of RCU).
    private func letGo() { root.take()?.closeWithoutWaiting() }
}
