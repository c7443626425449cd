import Glibc
import Netlink
import NetworkState

/// The settings of one namespace: the files below `/proc/sys`.
///
/// What a path there means is settled when it is opened, by the namespace of the thread that opens it.
enum SysctlFiles {
    /// How many to hold open at a time: a process usually may open 1,024 files.
    private static let batchCount = 256

    /// Those of `keys` that are there, with their values. Of the others the kernel has no such setting, or the link
    /// they belong to does not exist.
    static func read(
        _ keys: [String], in namespace: borrowing NetworkNamespace, _ settings: SettingFiles
    ) throws(SystemError) -> [Sysctl] {
        var sysctls: [Sysctl] = []
        for keys in batches(of: keys) {
            let files = try settings.open(Array(keys), to: .read, in: namespace)
            for (key, file) in zip(keys, files) {
                if let text = try text(of: file) { sysctls.append(Sysctl(key, normalised(text))) }
            }
        }
        return sysctls
    }

    /// Nil if there is no such setting, or if it has no value yet, as `stable_secret` before anyone sets it (EIO).
    private static func text(of file: Result<SettingFile, SystemError>) throws(SystemError) -> String? {
        do throws(SystemError) {
            return try file.get().read()
        } catch {
            guard error.errno == ENOENT || error.errno == EIO else { throw error }
            return nil
        }
    }

    /// Writes all of `sysctls` in their order, and returns why for each that could not be written.
    static func write(
        _ sysctls: [Sysctl], in namespace: borrowing NetworkNamespace, _ settings: SettingFiles
    ) throws(SystemError) -> [(index: Int, error: SystemError)] {
        var failures: [(index: Int, error: SystemError)] = []
        var index = 0
        for sysctls in batches(of: sysctls) {
            let files = try settings.open(sysctls.map(\.key), to: .write, in: namespace)
            for (sysctl, file) in zip(sysctls, files) {
                do throws(SystemError) {
                    try file.get().write(sysctl.value)
                } catch { failures.append((index, error)) }
                index += 1
            }
        }
        return failures
    }

    private static func batches<Element>(of elements: [Element]) -> [ArraySlice<Element>] {
        stride(from: 0, to: elements.count, by: batchCount).map { elements[$0..<min($0 + batchCount, elements.count)] }
    }

    /// Without the final newline, and with single spaces where the kernel puts tabs: `4096 131072 6291456`.
    private static func normalised(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
