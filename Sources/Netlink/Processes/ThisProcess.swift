import CLinux
import Glibc

/// What this process is to the system.
package enum ThisProcess {
    /// The file it was started from, whatever has become of its path.
    package static let program = "/proc/self/exe"

    /// Its number in the process namespace that it is in: the one its children know it by.
    package static var ownNumber: CInt { getpid() }

    package static var user: UInt32 { getuid() }

    package static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// For whatever it starts from now on. Call it before the first thread is started (setenv(3)).
    package static func set(_ variable: String, _ value: String) { unsafe setenv(variable, value, 1) }

    /// Its number in the process namespace of `/proc`: the one that others know it by, even where it is the first
    /// process of a namespace of its own.
    package static var id: CInt {
        let capacity = 32
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return 0 }
                return unsafe max(readlink("/proc/self", start, capacity), 0)
            }
        }
        return CInt(String(decoding: bytes, as: UTF8.self)) ?? getpid()
    }

    package static var hostname: String {
        var name = utsname()
        unsafe uname(&name)
        return unsafe withUnsafeBytes(of: &name.nodename) { unsafe text($0) }
    }

    /// `6.18.0`
    package static var kernelRelease: String {
        var name = utsname()
        unsafe uname(&name)
        return unsafe withUnsafeBytes(of: &name.release) { unsafe text($0) }
    }

    /// Has this process give freed memory back to the system at once, at the price of some system calls: for one that needs
    /// much of it by turns, and never all at the same time.
    package static func spareMemory() { clinux_spare_memory() }

    /// Gives back the memory that is free, and the pages of the program and its libraries: of these, a phase needs few that the
    /// one before it did, and those come again from the system's cache in some thousandths of a second.
    package static func giveBackMemory() { clinux_give_back_memory() }

    package static var processorCount: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

    /// `Linux 6.18.0, 2 × AMD EPYC 7763`, for whoever compares figures of different machines.
    package static var machine: String {
        let lines = (try? readFile("/proc/cpuinfo"))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }.flatMap { $0.split(separator: ":").dropFirst().first }
        let name = model.map { $0.split(separator: " ").joined(separator: " ") } ?? "processors"
        return "Linux \(kernelRelease), \(processorCount) × \(name)"
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Whether standard output, or another of the three, is a terminal.
    package static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

    /// Lets go of whatever files the program that started this one happened to have open, all but the standard three:
    /// someone may wait for the end of a pipe among them.
    package static func closeInheritedFiles() {
        closefrom(3)
    }

    /// Leaves the terminal, the folder and the files it was started with: it now works for nobody in particular.
    ///
    /// - `keepingOutput`: whether standard output stays, for whoever started it to hear of it.
    package static func detach(keepingOutput: Bool = false) throws(SystemError) {
        setsid()
        try systemCall("leave the folder") { unsafe chdir("/") }
        let null = try OwnedFileDescriptor.open("/dev/null", O_RDWR)
        for descriptor in keepingOutput ? [STDIN_FILENO, STDERR_FILENO] : [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            try systemCall("redirect to /dev/null") { dup2(null.rawValue, descriptor) }
        }
    }

    /// Has this process go on as the program `path`, with `arguments` (the program's name first). Comes back only to fail.
    package static func become(_ path: String, _ arguments: [String]) throws(SystemError) {
        var vector: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe vector.indices { unsafe free(vector[index]) } }
        try systemCall("run \(path)") { unsafe execvp(path, &vector) }
    }

    /// What the first process of a process namespace is for: it collects the children of those that have ended,
    /// until someone ends it and with it all of them.
    package static func reapForever() -> Never {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGCHLD)
        unsafe sigprocmask(SIG_BLOCK, &signals, nil)
        while true {
            var signal: CInt = 0
            unsafe sigwait(&signals, &signal)
            while waitpid(-1, nil, WNOHANG) > 0 {}
        }
    }

    /// The same until standard input ends.
    package static func attend() throws(SystemError) {
        signal(SIGCHLD, SIG_IGN)
        _ = try readStandardInput()
    }

    /// A write to a pipe whose reader has gone is an error to be told, not a reason to die silently.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// The terminal's Ctrl-C is for the program that runs in the foreground of it, not for the one that waits.
    package static func leaveInterruptsToChild() {
        signal(SIGINT, SIG_IGN)
        signal(SIGQUIT, SIG_IGN)
    }
}

/// Writes all of `text` to one of the standard three, or to a descriptor of one's own.
package func write(_ text: String, to descriptor: CInt) throws(SystemError) {
    try write(Array(text.utf8), to: descriptor)
}

/// The same with bytes.
package func write(_ bytes: [UInt8], to descriptor: CInt) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 {
            if errno == EINTR { continue }
            throw SystemError("write")
        }
        rest = rest.dropFirst(count)
    }
}
