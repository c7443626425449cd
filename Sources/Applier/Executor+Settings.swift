import Glibc
import Netlink
import NetworkState

extension Executor {
    /// Writes settings in their order: to write the host's forwarding switch writes that of each link. One that is to be nothing
    /// stays as it is: its link goes, or nobody knows what it was.
    mutating func write(_ group: Range<Int>) {
        var rest = group
        while let first = rest.first, goesOn {
            let device = newDevice(first)
            let run = rest.prefix { newDevice($0) == device }
            if let device { set(run, of: device) } else { writeFiles(run) }
            rest = rest.dropFirst(run.count)
        }
    }

    /// The link that a setting is of, if this run has made it and the kernel takes the setting with the link. On a link that is
    /// in use, what is written to a file has the kernel forget what it has decided by the former value; here is nothing yet.
    private func newDevice(_ step: Int) -> LinkName? {
        guard mode == .applying, case .sysctl(let sysctl) = steps[step].change.after, let device = sysctl.device,
            madeLinks.contains(ResourcePlace(.link(device), in: steps[step].change.netns))
        else { return nil }
        return LinkSettings.numbered(sysctl).map { _ in device }
    }

    private mutating func set(_ run: Range<Int>, of device: LinkName) {
        guard let first = run.first, let namespace = namespace(for: first) else { return }
        let settings = run.compactMap { step in
            if case .sysctl(let sysctl) = steps[step].change.after { LinkSettings.numbered(sysctl) } else { nil }
        }
        append(LinkCodec.setting(settings, of: device), of: run, to: namespace)
    }

    private mutating func writeFiles(_ run: Range<Int>) {
        flush()
        var writers: [Int] = []
        var sysctls: [Sysctl] = []
        for step in run where goesOn {
            guard case .sysctl(let sysctl) = steps[step].change.after else { continue }
            writers.append(step)
            sysctls.append(sysctl)
        }
        guard let first = writers.first, let namespace = namespace(for: first) else { return }
        namespaces.modifyingMessageCount += sysctls.count
        do throws(SystemError) {
            let refusals = try SysctlFiles.write(sysctls, in: namespace.namespace, namespaces.settings)
            let refused = Set(refusals.map(\.index))
            for (index, step) in writers.enumerated() where !refused.contains(index) { begin(step) }
            for (index, error) in refusals { fail(writers[index], Self.cause(error, sysctls[index])) }
        } catch { fail(first, .system(error)) }
    }

    private static func cause(_ error: SystemError, _ sysctl: Sysctl) -> ApplyError.Cause {
        if error.errno == ENOENT, let device = sysctl.device { return .missingLink(device) }
        return .system(error)
    }
}
