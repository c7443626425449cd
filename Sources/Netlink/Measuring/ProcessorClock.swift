import CLinux
import Glibc

/// The processor time that this process and some others have used: clock_getcpuclockid(3), whose nanoseconds
/// `/proc/PID/stat` rounds to hundredths of a second.
///
/// What the kernel does for a packet in the middle of a sender's system call is in it; what it leaves to threads of its
/// own (`ksoftirqd`) is not.
package struct ProcessorClock: Sendable {
    private let clocks: [clockid_t]

    /// - `processes`: those that carry packets beside this one.
    package init(with processes: [CInt] = []) throws(SystemError) {
        var clocks = [CLOCK_PROCESS_CPUTIME_ID]
        for process in processes {
            var clock = clockid_t()
            let code = unsafe clock_getcpuclockid(process, &clock)
            guard code == 0 else { throw SystemError("find the processor clock of process \(process)", errno: code) }
            clocks.append(clock)
        }
        self.clocks = clocks
    }

    /// All of it so far.
    package func nanoseconds() throws(SystemError) -> Int64 {
        var sum: Int64 = 0
        for clock in clocks {
            var time = timespec()
            try systemCall("read a processor clock") { unsafe clock_gettime(clock, &time) }
            sum += Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        }
        return sum
    }
}
