import Netlink

/// Keeps the service manager informed, if one listens.
struct Service: ~Copyable {
    private let notifier: ServiceNotifier?
    private var nextSign: MonotonicTime?
    private(set) var isReady = false

    init(_ notifier: consuming ServiceNotifier?, at now: MonotonicTime) {
        self.notifier = notifier
        sign(at: now)
    }

    /// When to give the next sign of life.
    var deadline: MonotonicTime? { nextSign }

    /// `WATCHDOG=1`, where the manager wants one, and when it is time.
    mutating func sign(at now: MonotonicTime) {
        guard nextSign.map({ $0 <= now }) ?? true else { return }
        switch notifier {
        case .some(let notifier):
            guard let period = notifier.watchdogPeriod else { return }
            notifier.tell("WATCHDOG=1")
            nextSign = now + period
        case .none: break
        }
    }

    mutating func ready(_ status: String) {
        isReady = true
        tell("READY=1\nSTATUS=\(status)")
    }

    func status(_ status: String) { tell("STATUS=\(status)") }

    /// `Type=notify-reload` wants to know since when.
    func reloading(at now: MonotonicTime) {
        if isReady { tell("RELOADING=1\nMONOTONIC_USEC=\(now.nanoseconds / 1000)") }
    }

    func reloaded() { if isReady { tell("READY=1") } }

    func stopping() { tell("STOPPING=1") }

    private func tell(_ text: String) {
        switch notifier {
        case .some(let notifier): notifier.tell(text)
        case .none: break
        }
    }
}
