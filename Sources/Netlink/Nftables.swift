import CLinux
import CNftables
import Glibc
import Synchronization

/// A libnftables context (libnftables(3)): text in nft's language, run against one network namespace.
///
/// Its socket belongs for good to the network namespace of the thread that opened it, as a ``NetlinkSocket`` does: open
/// it inside the namespace with ``NetworkNamespace/run(_:)``, then use it from anywhere. It is not closed on exec(2), so
/// a context lives as short as may be: a child that inherited it would keep the namespace alive.
@safe
package struct Nftables: ~Copyable, Sendable {
    /// libnftables shares tables of names between its contexts, without a lock of its own.
    private static let library = Mutex(())

    nonisolated(unsafe) private let context: OpaquePointer

    private init(owning context: OpaquePointer) {
        unsafe self.context = context
    }

    deinit {
        Self.library.withLock { _ in unsafe nft_ctx_free(context) }
    }

    /// Makes a context for the calling thread's network namespace, which prints what counts (priorities as numbers:
    /// the words for them differ from version to version) and not what was counted.
    package static func open() throws(SystemError) -> Nftables {
        try checkKernel()
        guard let context = unsafe library.withLock({ _ in unsafe nft_ctx_new(UInt32(NFT_CTX_DEFAULT)) }) else {
            throw SystemError("make an nftables context")
        }
        let nftables = unsafe Nftables(owning: context)
        guard unsafe nft_ctx_buffer_output(context) == 0, unsafe nft_ctx_buffer_error(context) == 0 else {
            throw SystemError("make an nftables context", errno: ENOMEM)
        }
        let flags = UInt32(NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_PRIO)
        unsafe nft_ctx_output_set_flags(context, flags)
        return nftables
    }

    /// Where the kernel has no netfilter, the library would end this process (`netlink_init_error` in its src/mnl.c).
    private static func checkKernel() throws(SystemError) {
        let kind = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
        _ = try OwnedFileDescriptor(
            owning: systemCall("open netfilter socket") { socket(AF_NETLINK, kind, NETLINK_NETFILTER) })
    }

    /// Runs `commands`, all of them in one transaction or none, and returns what they print.
    @discardableResult
    package mutating func run(_ commands: String) throws(NftablesError) -> String {
        let result = Self.library.withLock { _ in
            let status = unsafe nft_run_cmd_from_buffer(context, commands)
            // Reading a buffer empties it.
            return (
                status: status,
                output: unsafe String(cString: nft_ctx_get_output_buffer(context)),
                errors: unsafe String(cString: nft_ctx_get_error_buffer(context))
            )
        }
        guard result.status == 0 else { throw NftablesError(printed: result.errors) }
        return result.output
    }
}

/// What libnftables would not do, in its own words.
package struct NftablesError: Error, Hashable, CustomStringConvertible {
    /// `Could not process rule: No such file or directory`, without the place in the commands.
    package let words: String

    /// From what the library printed: messages, each followed by the command and a line that points into it.
    init(printed errors: String) {
        let marker = "Error: "
        let messages = errors.split(separator: "\n").compactMap { line in
            line.firstRange(of: marker).map { String(line[$0.upperBound...]) }
        }
        var seen: Set<String> = []
        words = messages.filter { seen.insert($0).inserted }.joined(separator: "; ")
    }

    package var description: String { words.isEmpty ? "nftables failed and does not say why" : "nft: \(words)" }

    /// Whether more privileges would have helped. The library tells in words alone.
    package var isPermission: Bool { words.contains(errnoText(EPERM)) }

    /// Whether what the commands are about does not exist.
    package var saysNotThere: Bool { words.contains(errnoText(ENOENT)) }
}
