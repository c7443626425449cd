import Glibc

/// All that standard input has. It is not opened by name: a pipe from another user can be read, but not opened.
package func readStandardInput() throws(SystemError) -> [UInt8] {
    let descriptor = OwnedFileDescriptor(
        owning: try systemCall("duplicate standard input") { fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) })
    return try descriptor.readAllBytes("standard input")
}

/// A file's bytes.
package func readFileBytes(_ path: String) throws(SystemError) -> [UInt8] {
    try OwnedFileDescriptor.open(path).readAllBytes(path)
}

/// The text of a small file.
package func readFile(_ path: String) throws(SystemError) -> String {
    try OwnedFileDescriptor.open(path).readAll(path)
}

/// Puts a new file in the place of the one at `path`, whole or not at all, even should the machine lose power.
///
/// - `draft`: where it is written, in the same directory. By default a name that no other process writes to at the time;
///   whoever holds a lock can do better, and find there what one that died has left.
package func replaceFile(_ path: String, with text: String, draft: String? = nil) throws(SystemError) {
    try replaceFile(path, with: Array(text.utf8), draft: draft)
}

/// The same with a file that is no text.
package func replaceFile(_ path: String, with bytes: [UInt8], draft: String? = nil) throws(SystemError) {
    var draft = try FileDraft(of: path, draft: draft)
    try draft.write(bytes)
    try draft.commit()
}

/// What is to be a file, while it is written piece by piece: gone with this value unless it takes the file's place.
package struct FileDraft: ~Copyable {
    private let descriptor: OwnedFileDescriptor
    private let path: String
    private let draft: String
    private var isInPlace = false

    /// - `draft`: as ``replaceFile(_:with:draft:)-(String,[UInt8],_)`` takes it.
    package init(of path: String, draft: String? = nil) throws(SystemError) {
        self.path = path
        self.draft = draft ?? "\(path).\(getpid())~"
        descriptor = try OwnedFileDescriptor.open(self.draft, O_WRONLY | O_CREAT | O_TRUNC)
    }

    package func write(_ bytes: [UInt8]) throws(SystemError) { try descriptor.writeAll(bytes, draft) }

    /// Puts it in the place of the file, whole, even should the machine lose power.
    package mutating func commit() throws(SystemError) {
        let raw = descriptor.rawValue
        let (path, draft) = (path, draft)
        try systemCall("synchronise \(draft)") { fsync(raw) }
        try systemCall("rename \(draft) to \(path)") { unsafe rename(draft, path) }
        isInPlace = true
        try synchroniseDirectory(of: path)
    }

    deinit {
        if !isInPlace { _ = unsafe unlink(draft) }
    }
}

/// Adds `text` to the end of the file at `path`, in one piece, whoever else does so too.
package func appendToFile(_ path: String, _ text: String) throws(SystemError) {
    try OwnedFileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND).writeAll(text, path)
}

/// A file that is written later, whatever its name will then stand for.
package struct OutputFile: ~Copyable {
    private let descriptor: OwnedFileDescriptor
    private let path: String

    package init(_ path: String) throws(SystemError) {
        descriptor = try OwnedFileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        self.path = path
    }

    package func write(_ text: String) throws(SystemError) { try descriptor.writeAll(text, path) }
    package func write(_ bytes: [UInt8]) throws(SystemError) { try descriptor.writeAll(bytes, path) }

    /// For a child process to write to; valid for as long as this value.
    package var rawDescriptor: CInt { descriptor.rawValue }
}

/// A file that others may read at any time, to be written anew in its place: what it is called by then does not matter.
package struct RewritableFile: ~Copyable {
    private let descriptor: OwnedFileDescriptor
    private let path: String

    package init(_ path: String) throws(SystemError) {
        descriptor = try OwnedFileDescriptor.open(path, O_RDWR)
        self.path = path
    }

    package func rewrite(_ text: String) throws(SystemError) {
        let raw = descriptor.rawValue
        try systemCall("truncate \(path)") { ftruncate(raw, 0) }
        try systemCall("rewind \(path)") { CInt(truncatingIfNeeded: lseek(raw, 0, SEEK_SET)) }
        try descriptor.writeAll(text, path)
    }
}

/// `mv PATH NEWPATH`, within one file system.
package func moveFile(_ path: String, to newPath: String) throws(SystemError) {
    try systemCall("rename \(path) to \(newPath)") { unsafe rename(path, newPath) }
    try synchroniseDirectory(of: newPath)
}

/// By which a file is known again as long as nobody has written to it or put another in its place; nil if there is none.
package func fileMark(_ path: String) throws(SystemError) -> String? {
    var status = stat()
    if unsafe stat(path, &status) != 0 {
        guard errno == ENOENT else { throw SystemError("stat \(path)") }
        return nil
    }
    let times = [status.st_mtim, status.st_ctim].map { "\($0.tv_sec).\($0.tv_nsec)" }
    return "\(status.st_dev):\(status.st_ino) \(status.st_size) \(times[0]) \(times[1])"
}

/// Removes the file at `path`, if there is one.
package func removeFile(_ path: String) throws(SystemError) {
    if unsafe unlink(path) != 0, errno != ENOENT { throw SystemError("remove \(path)") }
}

/// `mkdir -p PATH`
package func createDirectories(_ path: String) throws(SystemError) {
    if unsafe mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
        throw SystemError("create directory \(path)")
    }
    try createDirectories(String(path[..<slash]))
    if unsafe mkdir(path, 0o755) != 0, errno != EEXIST { throw SystemError("create directory \(path)") }
}

/// The names in a directory, sorted; none if there is no such directory.
package func listDirectory(_ path: String) throws(SystemError) -> [String] {
    guard let stream = unsafe opendir(path) else {
        if errno == ENOENT { return [] }
        throw SystemError("list \(path)")
    }
    defer { unsafe closedir(stream) }
    return unsafe entryNames(stream)
}

/// What is left to read of a directory, sorted.
func entryNames(_ stream: OpaquePointer) -> [String] {
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
            unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// A rename is durable once its directory is.
private func synchroniseDirectory(of path: String) throws(SystemError) {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = try OwnedFileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
    try systemCall("synchronise \(directory)") { fsync(descriptor.rawValue) }
}

extension OwnedFileDescriptor {
    func readAll(_ path: String) throws(SystemError) -> String {
        String(decoding: try readAllBytes(path), as: UTF8.self)
    }

    private static var partSize: Int { 16 * 1024 }

    func readAllBytes(_ path: String) throws(SystemError) -> [UInt8] {
        var bytes = try readPart(path)
        // Room for all at once: an array that grows is copied again and again, to pages that nobody has touched yet.
        if bytes.count == Self.partSize { bytes.reserveCapacity(try fileSize(path)) }
        while true {
            let part = try readPart(path)
            if part.isEmpty { return bytes }
            bytes += part
        }
    }

    /// 0 for what has none, as a pipe or a file of `/proc`.
    private func fileSize(_ path: String) throws(SystemError) -> Int {
        var status = stat()
        try systemCall("stat \(path)") { unsafe fstat(rawValue, &status) }
        return status.st_size
    }

    private func readPart(_ path: String) throws(SystemError) -> [UInt8] {
        let capacity = Self.partSize
        var count = -1
        let part = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initializedCount in
            repeat { count = unsafe read(rawValue, buffer.baseAddress, capacity) } while count < 0 && errno == EINTR
            initializedCount = max(count, 0)
        }
        guard count >= 0 else { throw SystemError("read \(path)") }
        return part
    }

    /// In one system call where the kernel takes it: a setting under `/proc/sys` cannot be written in pieces.
    func writeAll(_ text: String, _ path: String) throws(SystemError) { try writeAll(Array(text.utf8), path) }

    func writeAll(_ bytes: [UInt8], _ path: String) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    rawValue, UnsafeRawBufferPointer(rebasing: buffer[written...]).baseAddress, bytes.count - written)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw SystemError("write \(path)")
            }
            written += count
        }
    }
}
