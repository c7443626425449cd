import CLinux
import CNftables
import Glibc
import Synchronization

/// libnftables(3): text in nft's language, run against one network namespace.
package enum Nftables {
    /// libnftables shares tables of names between its contexts, without a lock of its own.
    private static let library = Mutex(())

    /// Runs `commands` in `namespace`, all of them in one transaction or none, and gives what they print.
    ///
    /// On a thread with a file table of its own, which begins empty: the library waits for its socket by select(2), and
    /// a process that holds a large lab has long given away the 1,024 numbers which that takes. It also leaves its socket
    /// open across exec(2), and no child shall inherit one.
    @discardableResult
    package static func run(
        _ commands: String, in namespace: borrowing NetworkNamespace
    ) throws(SystemError) -> Result<String, NftablesError> {
        try namespace.runApart { () throws(SystemError) in
            try systemCall("leave the process's files") { clinux_leave_files() }
            try checkKernel()
            return try library.withLock { _ throws(SystemError) in
                let context = try NftablesContext.open()
                return context.run(commands)
            }
        }
    }

    /// Where the kernel has no netfilter, the library would end this process (`netlink_init_error` in its src/mnl.c).
    private static func checkKernel() throws(SystemError) {
        let kind = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
        _ = try OwnedFileDescriptor(
            owning: systemCall("open netfilter socket") { socket(AF_NETLINK, kind, NETLINK_NETFILTER) })
    }
}

/// One of the library's contexts, with a socket in the calling thread's namespace.
@safe
private struct NftablesContext: ~Copyable {
    private let context: OpaquePointer

    private init(owning context: OpaquePointer) {
        unsafe self.context = context
    }

    deinit {
        unsafe nft_ctx_free(context)
    }

    /// It prints what counts (priorities as numbers: the words for them differ from version to version) and not what was
    /// counted.
    static func open() throws(SystemError) -> NftablesContext {
        guard let context = unsafe nft_ctx_new(UInt32(NFT_CTX_DEFAULT)) else {
            throw SystemError("make an nftables context")
        }
        let nftables = unsafe NftablesContext(owning: context)
        guard unsafe nft_ctx_buffer_output(context) == 0, unsafe nft_ctx_buffer_error(context) == 0 else {
            throw SystemError("make an nftables context", errno: ENOMEM)
        }
        let flags = UInt32(NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_PRIO)
        unsafe nft_ctx_output_set_flags(context, flags)
        return nftables
    }

    func run(_ commands: String) -> Result<String, NftablesError> {
        let status = unsafe nft_run_cmd_from_buffer(context, commands)
        // Reading a buffer empties it.
        let output = unsafe String(cString: nft_ctx_get_output_buffer(context))
        let errors = unsafe String(cString: nft_ctx_get_error_buffer(context))
        return status == 0 ? .success(output) : .failure(NftablesError(printed: errors))
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
