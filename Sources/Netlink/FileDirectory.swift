import Glibc

/// A directory that stays the same one while its files are read, even should its name lead elsewhere meanwhile: what is
/// deployed by turning a symbolic link is then read as of before or after, never half of each.
package struct FileDirectory: ~Copyable, Sendable {
    private let descriptor: OwnedFileDescriptor
    private let path: String

    /// The directory at `path`; anything else there is an error.
    package init(_ path: String) throws(SystemError) {
        self.init(descriptor: try .open(path, O_RDONLY | O_DIRECTORY), path: path)
    }

    private init(descriptor: consuming OwnedFileDescriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Nil if what stands at `path` is no directory.
    package static func open(_ path: String) throws(SystemError) -> FileDirectory? {
        do throws(SystemError) {
            return try FileDirectory(path)
        } catch {
            guard error.errno == ENOTDIR, isThere(path) else { throw error }
            return nil
        }
    }

    /// ENOTDIR is as well what a path has whose middle is a file.
    private static func isThere(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// By which this process and its children find it for as long as this value lives, whatever mounts they see by then.
    package var lastingPath: String { "/proc/\(ThisProcess.id)/fd/\(descriptor.rawValue)" }

    /// What is in it, sorted by name.
    package func names() throws(SystemError) -> [String] {
        let raw = descriptor.rawValue
        // The stream closes the descriptor that it is given.
        let own = try systemCall("list \(path)") { unsafe openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard let stream = unsafe fdopendir(own) else {
            close(own)
            throw SystemError("list \(path)")
        }
        defer { unsafe closedir(stream) }
        return unsafe entryNames(stream)
    }

    package func readFile(_ name: String) throws(SystemError) -> [UInt8] {
        let (raw, file) = (descriptor.rawValue, "\(path)/\(name)")
        return try OwnedFileDescriptor(
            owning: systemCall("open \(file)") { unsafe openat(raw, name, O_RDONLY | O_CLOEXEC) }
        ).readAllBytes(file)
    }
}
