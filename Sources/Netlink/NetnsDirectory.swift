import CLinux
import Glibc

/// A directory of named network namespaces, kept as `ip netns` keeps `/run/netns`: a name is a file on which the
/// namespace is mounted (ip-netns(8); `netns_add` in iproute2's ip/ipnetns.c).
package struct NetnsDirectory: Hashable, Sendable {
    package let path: String

    package init(_ path: String = "/run/netns") {
        self.path = path
    }

    /// A name that is a whole path is that file's.
    package func file(of name: String) -> String { name.hasPrefix("/") ? name : "\(path)/\(name)" }

    /// Whether a namespace has that name, which a leftover is not.
    package func exists(_ name: String) -> Bool {
        unsafe access(file(of: name), F_OK) == 0 && !isLeftover(name)
    }

    /// Whether the name is but an empty file: a process that dies while it makes or removes a namespace leaves one.
    private func isLeftover(_ name: String) -> Bool {
        var (status, directory) = (stat(), stat())
        guard unsafe stat(file(of: name), &status) == 0, unsafe stat(path, &directory) == 0 else { return false }
        return status.st_dev == directory.st_dev && status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
    }

    package func open(_ name: String) throws(SystemError) -> NetworkNamespace {
        try NetworkNamespace.open(file(of: name))
    }

    /// All of `names` at once.
    package func hold(_ names: [String]) throws(SystemError) -> HeldNamespaces {
        try DescriptorLimit.raise()
        let held = HeldNamespaces()
        for name in names { try held.add(open(name)) }
        return held
    }

    /// Which namespace bears the name now, or nil if none does.
    package func identity(of name: String) -> NetworkNamespace.Identity? {
        var status = stat()
        return unsafe stat(file(of: name), &status) == 0 ? NetworkNamespace.Identity(status) : nil
    }

    /// Whether a namespace is mounted on the name: a file on which none is, is one that somebody is just making, or a
    /// leftover.
    package func isMounted(_ name: String) -> Bool {
        guard let descriptor = try? OwnedFileDescriptor.open(file(of: name)) else { return false }
        return clinux_filesystem_type(descriptor.rawValue) == Int(NSFS_MAGIC)
    }

    /// `ip netns add NAME`; the name may be a leftover.
    package func create(_ name: String) throws(SystemError) {
        try onMovableThread { () throws(SystemError) in
            // Takes longer than all the rest, and others may be waiting for the directory.
            try systemCall("unshare network namespace") { clinux_unshare(clinux_CLONE_NEWNET) }
            try add(name) { (file) throws(SystemError) in
                try mount(NetworkNamespace.ofThisThread, on: file, clinux_MS_BIND)
            }
        }
    }

    /// `ip netns attach NAME PID`, for a namespace that is held open. A name that another bears changes hands.
    package func attach(_ name: String, to namespace: borrowing NetworkNamespace) throws(SystemError) {
        let source = "/proc/thread-self/fd/\(namespace.descriptor.rawValue)"
        if exists(name) {
            if try identity(of: name) == namespace.identity { return }
            try remove(name)
        }
        try add(name) { (file) throws(SystemError) in try mount(source, on: file, clinux_MS_BIND) }
    }

    /// Makes the file of `name`, and has `mounting` mount a namespace on it.
    private func add(_ name: String, _ mounting: (String) throws(SystemError) -> Void) throws(SystemError) {
        try createDirectories(path)
        let directory = try OwnedFileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        // As `ip netns` does, so that no two make the directory a mount point at the same time.
        try systemCall("lock \(path)") { flock(directory.rawValue, LOCK_EX) }
        try share()
        let file = file(of: name)
        if !isLeftover(name) { _ = try OwnedFileDescriptor.open(file, O_RDONLY | O_CREAT | O_EXCL, mode: 0) }
        do throws(SystemError) { try mounting(file) } catch {
            _ = unsafe unlink(file)
            throw error
        }
    }

    /// `ip netns delete NAME`. The namespace itself lives on for as long as something else holds it.
    package func remove(_ name: String) throws(SystemError) {
        let file = file(of: name)
        // A leftover file has nothing mounted on it, and goes all the same.
        if unsafe clinux_unmount(file) != 0, errno != EINVAL {
            throw SystemError("unmount network namespace \(file)")
        }
        try systemCall("remove \(file)") { unsafe unlink(file) }
    }

    /// Removes the name if it is a leftover, and else nothing.
    package func removeLeftover(_ name: String) throws(SystemError) {
        if isLeftover(name) { try removeFile(file(of: name)) }
    }

    /// `ip netns list`, sorted; none if there is no such directory.
    package func list() throws(SystemError) -> [String] {
        try listDirectory(path)
    }

    /// Removes the directory with every name in it.
    package func removeAll() throws(SystemError) {
        for name in try list() { try remove(name) }
        guard unsafe access(path, F_OK) == 0 else { return }
        if unsafe clinux_unmount(path) != 0, errno != EINVAL {
            throw SystemError("unmount \(path)")
        }
        try systemCall("remove \(path)") { unsafe rmdir(path) }
    }

    /// Makes the directory a shared mount, so that a name made here is seen in mount namespaces made before it.
    private func share() throws(SystemError) {
        // Not with all that is mounted in it, which takes the longer the more there is, and became shared when it was mounted.
        if unsafe clinux_mount("", path, clinux_MS_SHARED) == 0 { return }
        // EINVAL: it is no mount point yet.
        guard errno == EINVAL else { throw SystemError("make \(path) a shared mount") }
        try mount(path, on: path, clinux_MS_BIND | clinux_MS_REC)
        try mount("", on: path, clinux_MS_SHARED | clinux_MS_REC)
    }

    private func mount(_ source: String, on target: String, _ flags: UInt) throws(SystemError) {
        try systemCall("mount on \(target)") { unsafe clinux_mount(source, target, flags) }
    }
}

/// Many namespaces held open together, since an array cannot hold what cannot be copied.
package final class HeldNamespaces {
    /// In the order of their names' asking; valid for as long as this object lives.
    package private(set) var descriptors: [CInt] = []

    fileprivate func add(_ namespace: borrowing NetworkNamespace) throws(SystemError) {
        let raw = namespace.descriptor.rawValue
        descriptors.append(
            try systemCall("keep network namespace") { fcntl(raw, F_DUPFD_CLOEXEC, 0) })
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
