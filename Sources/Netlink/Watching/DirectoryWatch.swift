import CLinux
import Glibc

/// Tells that something in a directory has changed: inotify(7).
///
/// Directories, not files: editors, ConfigMaps and `replaceFile` put a new file in the place of the old one, and who
/// watches that would watch a file that has no name any more.
package struct DirectoryWatch: ~Copyable {
    package struct Event: Hashable, Sendable {
        /// As it was given to ``watch(_:)``.
        package let directory: String
        /// What in it; nil for the directory itself.
        package let name: String?
    }

    private static let receiveCapacity = 16 * 1024
    private static let mask =
        UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_CREATE) | UInt32(IN_DELETE)
        | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)

    package let descriptor: OwnedFileDescriptor
    /// Two paths may lead to one directory, and have one number then.
    private var directories: [CInt: Set<String>] = [:]

    package init() throws(SystemError) {
        descriptor = OwnedFileDescriptor(
            owning: try systemCall("watch directories") { inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK)) })
    }

    /// Watches what stands at `path` now. One that is watched already stays so; call it again where the path may have come
    /// to stand for another directory.
    package mutating func watch(_ path: String) throws(SystemError) {
        let raw = descriptor.rawValue
        let number = try systemCall("watch \(path)") { unsafe inotify_add_watch(raw, path, Self.mask) }
        for (other, paths) in directories where other != number && paths.contains(path) {
            directories[other] = paths.subtracting([path])
            if paths == [path] { _ = inotify_rm_watch(raw, other) }
        }
        directories[number, default: []].insert(path)
    }

    /// Reads what waits. Where the kernel had no room for more, everything counts as changed.
    package mutating func drain() -> Set<Event> {
        var events: Set<Event> = []
        var buffer = [UInt8](repeating: 0, count: Self.receiveCapacity)
        while true {
            let count = unsafe read(descriptor.rawValue, &buffer, buffer.count)
            if count > 0 {
                unsafe collect(buffer.span.bytes.extracting(0..<count), into: &events)
            } else if count == 0 || errno != EINTR {
                return events
            }
        }
    }

    private mutating func collect(_ bytes: RawSpan, into events: inout Set<Event>) {
        let headerSize = MemoryLayout<inotify_event>.size
        var offset = 0
        while bytes.byteCount - offset >= headerSize {
            let number = bytes.load(at: offset, as: CInt.self)
            let mask = bytes.load(at: offset + 4, as: UInt32.self)
            let length = Int(bytes.load(at: offset + 12, as: UInt32.self))
            let end = min(offset + headerSize + length, bytes.byteCount)
            let name = bytes.extracting((offset + headerSize)..<end).string
            offset = end
            let isOverflow = mask & UInt32(IN_Q_OVERFLOW) != 0
            for (watched, paths) in directories where watched == number || isOverflow {
                for path in paths { events.insert(Event(directory: path, name: name.isEmpty ? nil : name)) }
            }
            if mask & UInt32(IN_IGNORED) != 0 { directories[number] = nil }
        }
    }
}

/// A way to a file for a process that is about to enter a mount namespace where the file's own path leads elsewhere, or
/// nowhere.
package struct CarriedPath: ~Copyable {
    /// Leads to the file in any mount namespace, through the folder that stays open.
    package let path: String
    private let folder: OwnedFileDescriptor

    package init(_ path: String) throws(SystemError) {
        let (directory, name) = splitPath(path)
        folder = try OwnedFileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        self.path = "/proc/self/fd/\(folder.rawValue)/\(name)"
    }
}

/// `/etc/weft/lab.json` → `/etc/weft` and `lab.json`. A directory's trailing slashes do not count.
package func splitPath(_ path: String) -> (directory: String, name: String) {
    var path = path[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return (".", String(path)) }
    let directory = path[..<slash]
    return (directory.isEmpty ? "/" : String(directory), String(path[path.index(after: slash)...]))
}

package func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
