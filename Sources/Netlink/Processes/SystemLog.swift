import CLinux

/// The machine's log: syslog(3), which journald and every other logger listen to.
package enum SystemLog {
    /// Leaves `text` there as a warning. Where nobody listens, nothing happens.
    package static func warn(_ text: String) {
        unsafe clinux_syslog(text)
    }
}
