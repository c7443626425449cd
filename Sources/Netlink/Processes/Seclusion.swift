import CLinux
import Glibc

/// Namespaces that this whole process moves into, so that whatever it makes dies with it.
///
/// Call these before the first thread is started: the kernel moves one thread, and all later ones are its children.
package enum Seclusion {
    /// What a process needs of the kernel to have namespaces of its own.
    package enum Means: Sendable {
        /// CAP_SYS_ADMIN: root's way.
        case privilege
        /// A user namespace in which an ordinary user is root.
        case userNamespace
    }

    /// Gives this process a mount namespace of its own with an empty `/run`, and as an ordinary user a user namespace
    /// around it.
    @discardableResult
    package static func enter() throws(SystemError) -> Means {
        let means = try acquireMeans()
        try separateMounts()
        return means
    }

    /// The first half of ``enter()``: a mount namespace, still with the machine's mounts, and what it takes to have one.
    package static func acquireMeans() throws(SystemError) -> Means { try unshare(clinux_CLONE_NEWNS) }

    /// The second half: an empty `/run`, and no more mounts in common.
    package static func separateMounts() throws(SystemError) {
        // Nothing mounted in here may reach the machine, and what the machine mounts may reach us.
        try mount(nil, on: "/", type: nil, flags: UInt(MS_REC) | UInt(MS_PRIVATE))
        try mount("weft", on: "/run", type: "tmpfs", flags: 0)
    }

    /// Gives the calling thread, and those that it will start, descriptors of their own, which begin as copies of all that are
    /// open: ``DescriptorLimit`` is then theirs alone, and what they leave open goes with them. Whatever they open must be
    /// closed by one of them.
    package static func separateDescriptors() throws(SystemError) {
        try systemCall("unshare descriptors") { clinux_unshare(clinux_CLONE_FILES) }
    }

    /// Makes this process's next child the first of a process namespace: when that one ends, so does everything it
    /// has started.
    package static func separateProcesses() throws(SystemError) {
        _ = try unshare(clinux_CLONE_NEWPID)
    }

    private static func unshare(_ flags: CInt) throws(SystemError) -> Means {
        if clinux_unshare(flags) == 0 { return .privilege }
        guard errno == EPERM else { throw SystemError("unshare namespaces") }
        let (user, group) = (getuid(), getgid())
        try systemCall("make a user namespace") { clinux_unshare(clinux_CLONE_NEWUSER | flags) }
        try write("deny", to: "/proc/self/setgroups")
        try write("0 \(user) 1", to: "/proc/self/uid_map")
        try write("0 \(group) 1", to: "/proc/self/gid_map")
        return .userNamespace
    }

    private static func write(_ text: String, to path: String) throws(SystemError) {
        let file = OwnedFileDescriptor(
            owning: try systemCall("open \(path)") { unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC) })
        let bytes = Array(text.utf8)
        try systemCall("write \(path)") { unsafe CInt(Glibc.write(file.rawValue, bytes, bytes.count)) }
    }

    static func mount(_ source: String?, on target: String, type: String?, flags: UInt) throws(SystemError) {
        try systemCall("mount \(type ?? "private") on \(target)") {
            unsafe Glibc.mount(source, target, type, flags, nil)
        }
    }

    /// Gives this process a mount namespace of its own, with a `/proc` and a `/sys` that show the namespaces that it is in. Names of
    /// network namespaces still come and go for all (``NetnsDirectory``).
    package static func showOwnNamespaces() throws(SystemError) {
        try systemCall("unshare mount namespace") { clinux_unshare(clinux_CLONE_NEWNS) }
        // Where they cannot be mounted anew it sees the machine's, which only tools that look for processes or read /sys notice.
        try? mount("proc", on: "/proc", type: "proc", flags: 0)
        try? mount("sysfs", on: "/sys", type: "sysfs", flags: 0)
    }

    /// Moves this process into the user and mount namespaces of process `id`, and its future children into that
    /// process's process namespace with `processes`.
    package static func join(process id: CInt, processes: Bool = false) throws(SystemError) {
        // Opened all at once, since the first move may hide the others.
        let user = try OwnedFileDescriptor.open("/proc/\(id)/ns/user")
        let mounts = try OwnedFileDescriptor.open("/proc/\(id)/ns/mnt")
        let pids = try OwnedFileDescriptor.open("/proc/\(id)/ns/pid")
        if try !isOwnUserNamespace(user) {
            try systemCall("enter user namespace of process \(id)") {
                clinux_setns(user.rawValue, clinux_CLONE_NEWUSER)
            }
        }
        if processes {
            try systemCall("enter process namespace of process \(id)") {
                clinux_setns(pids.rawValue, clinux_CLONE_NEWPID)
            }
        }
        try systemCall("enter mount namespace of process \(id)") { clinux_setns(mounts.rawValue, clinux_CLONE_NEWNS) }
    }

    /// Makes this process's future children processes of the namespace that process `id` is the first of.
    package static func joinProcesses(of id: CInt) throws(SystemError) {
        let pids = try OwnedFileDescriptor.open("/proc/\(id)/ns/pid_for_children")
        try systemCall("enter process namespace of process \(id)") { clinux_setns(pids.rawValue, clinux_CLONE_NEWPID) }
    }

    /// setns(2) refuses to enter the user namespace that one is in already.
    private static func isOwnUserNamespace(_ other: borrowing OwnedFileDescriptor) throws(SystemError) -> Bool {
        let own = try OwnedFileDescriptor.open("/proc/self/ns/user")
        var (ownStatus, otherStatus) = (stat(), stat())
        try systemCall("stat user namespace") { unsafe fstat(own.rawValue, &ownStatus) }
        let raw = other.rawValue
        try systemCall("stat user namespace") { unsafe fstat(raw, &otherStatus) }
        return ownStatus.st_ino == otherStatus.st_ino && ownStatus.st_dev == otherStatus.st_dev
    }

    /// Moves this process, not just a thread of it, into the network namespace at `path`, with a `/sys` that shows
    /// that namespace's links, as `ip netns exec` does.
    package static func enterNetwork(at path: String) throws(SystemError) {
        let namespace = try OwnedFileDescriptor.open(path)
        try systemCall("enter network namespace \(path)") { clinux_setns(namespace.rawValue, clinux_CLONE_NEWNET) }
        try systemCall("unshare mount namespace") { clinux_unshare(clinux_CLONE_NEWNS) }
        try mount(nil, on: "/", type: nil, flags: UInt(MS_REC) | UInt(MS_PRIVATE))
        // Where /sys cannot be mounted anew the command sees the machine's, which only tools reading it notice.
        try? mount("sysfs", on: "/sys", type: "sysfs", flags: 0)
    }
}
