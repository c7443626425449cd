import Applier
import Compiler
package import Netlink
package import NetnsHarness
import NetworkState

/// Keeps one host as its topology says, for as long as it runs: the seed's Felix.
///
/// It compares the whole host with the topology whenever either may have changed, by the planner and the applier that the
/// commands have, and repairs what differs. When it ends, the network stays.
package struct Agent: ~Copyable {
    package enum Mode: String, CaseIterable, Sendable {
        /// Says what differs.
        case observe
        /// Puts it right.
        case enforce
    }

    package struct Settings: Sendable {
        package let mode: Mode
        /// How often to look although nothing has been announced.
        package let interval: Duration
        package let version: String

        package init(mode: Mode, interval: Duration, version: String) {
            self.mode = mode
            self.interval = interval
            self.version = version
        }
    }

    /// What it was given by whoever started it, opened where that one was.
    package struct Surroundings: ~Copyable {
        let signals: SignalQueue
        let notifier: ServiceNotifier?
        let listener: StreamListener?
        /// The lab's, whose end is the agent's.
        let lifeline: Lifeline?

        package init(
            signals: consuming SignalQueue, notifier: consuming ServiceNotifier?, listener: consuming StreamListener?,
            lifeline: consuming Lifeline?
        ) {
            self.signals = signals
            self.notifier = notifier
            self.listener = listener
            self.lifeline = lifeline
        }
    }

    let settings: Settings
    let log: AgentLog
    let source: TopologySource
    var host: ManagedHost
    var kernel: KernelWatch
    var service: Service
    var poller: Poller
    var directories: DirectoryWatch
    var server: MetricsServer?
    private let signals: SignalQueue
    private let lifeline: Lifeline?

    var agenda: Agenda
    var metrics = Metrics()
    var contention = Contention()
    var drift = DriftReport()
    var suspects = Suspects()
    var failures = Failures()
    var target: Target?
    var lastReading: Reading?

    package init(
        _ settings: Settings, _ host: consuming ManagedHost, from source: consuming TopologySource, log: AgentLog,
        _ surroundings: consuming Surroundings
    ) throws(SystemError) {
        let now = MonotonicTime.now
        let opened = try Poller.open()
        let watch = try DirectoryWatch()
        poller = opened
        directories = watch
        kernel = KernelWatch(host.namespaces)
        service = Service(surroundings.notifier, at: now)
        server =
            switch consume surroundings.listener {
            case .some(let listener): MetricsServer(listener, firstToken: Token.visitors)
            case .none: nil
            }
        signals = surroundings.signals
        lifeline = surroundings.lifeline
        agenda = Agenda(interval: settings.interval, now: now)
        self.settings = settings
        self.log = log
        self.source = source
        self.host = host
    }

    /// Runs until a signal ends it, or until its lab does.
    package mutating func run() throws(SystemError) {
        try watch()
        log.write(LogEntry(.started, object: source.name, reason: "mode \(settings.mode.rawValue)"))
        while try attend(to: poller.wait(until: deadline)) {
            let now = MonotonicTime.now
            let work = agenda.take(at: now)
            if work.readsSource { load(isAsked: work.causes.contains(.reload)) }
            let isNews = target?.isPending == true && work.readsSource && work.causes.isEmpty
            if isNews || !work.causes.isEmpty { look(because: isNews ? [.source] : work.causes) }
            service.sign(at: now)
        }
        service.stopping()
        log.write(LogEntry(.stopping, reason: "the network stays as it is"))
    }

    private var deadline: MonotonicTime {
        let visitors: MonotonicTime? =
            switch server {
            case .some(let server): server.deadline
            case .none: nil
            }
        return [agenda.next(), service.deadline, visitors].compactMap(\.self).min() ?? agenda.next()
    }

    private mutating func watch() throws(SystemError) {
        try poller.watch(signals.descriptor, as: Token.signals)
        try poller.watch(directories.descriptor, as: Token.directories)
        switch lifeline {
        case .some(let lifeline): try poller.watch(lifeline.descriptor, as: Token.lifeline)
        case .none: break
        }
        switch server {
        case .some(let server): try server.watch(by: poller, as: Token.listener)
        case .none: break
        }
        watchDirectories()
    }

    /// Whether to go on.
    private mutating func attend(to events: [Poller.Event]) -> Bool {
        let now = MonotonicTime.now
        for event in events {
            switch event.token {
            case Token.signals: if !obey(at: now) { return false }
            case Token.lifeline: return false
            case Token.directories: noteFiles(at: now)
            case Token.listener: server?.admit(poller, at: now)
            case Token.namespaces...: noteKernel(event.token, at: now)
            default: serve(event.token)
            }
        }
        server?.dismissIdlers(at: now)
        return true
    }

    /// Whether to go on.
    private mutating func obey(at now: MonotonicTime) -> Bool {
        while let signal = signals.next() {
            switch signal {
            case .end: return false
            case .reload:
                service.reloading(at: now)
                agenda.note(.reload, at: now)
            case .report: log.write(LogEntry(.status, reason: status))
            }
        }
        return true
    }

    private mutating func noteKernel(_ token: UInt64, at now: MonotonicTime) {
        let news = kernel.drain(token)
        suspects.note(news.askers, at: now)
        if news.isOverrun {
            metrics.overruns += 1
            agenda.note(.overrun, at: now)
        } else if news.isRelevant {
            agenda.note(.kernel, at: now)
        }
    }

    private mutating func serve(_ token: UInt64) {
        let (metrics, settings, name) = (metrics, settings, host.name)
        let pages = MetricsServer.Pages(
            metrics: { metrics.text(host: name, mode: settings.mode.rawValue, version: settings.version) },
            isReady: service.isReady)
        server?.attend(to: token, poller, pages)
    }
}
