import Netlink
import TestSupport
import Testing

@Suite(.namespaces)
struct SettingFilesTests {
    /// So many that the files are looked for in more than one `/proc`, where the kernel lets this user have one.
    private static let count = 100

    @Test func `of a hundred namespaces, each has its own settings, whoever looks`() throws {
        let key = "net/ipv4/conf/all/rp_filter"
        let held = try NetworkNamespaces(count: Self.count)
        let writing = SettingFiles()
        for index in 0..<Self.count {
            try held.visit(index) { namespace throws(SystemError) in
                for file in try writing.open([key], to: .write, in: namespace) { try file.get().write("\(index % 3)") }
            }
        }
        let reading = SettingFiles()
        for index in 0..<Self.count {
            try held.visit(index) { namespace throws(SystemError) in
                let values = try reading.open([key], to: .read, in: namespace).map { file throws(SystemError) in
                    try file.get().read()
                }
                #expect(values == ["\(index % 3)\n"])
                let ownFile = try namespace.run { () throws(SystemError) in try readFile("/proc/sys/\(key)") }
                #expect(ownFile == "\(index % 3)\n")
            }
        }
    }

    @Test(arguments: [1, 100])
    func `a setting that is not there is told by its path, however many were there`(_ visits: Int) throws {
        let namespace = try NetworkNamespace()
        let files = SettingFiles()
        for _ in 1..<visits { _ = try files.open(["net/ipv4/ip_forward"], to: .read, in: namespace) }
        let found = try files.open(["net/ipv4/nothing", "net/ipv4/ip_forward"], to: .read, in: namespace)
        #expect(found.count == 2)
        #expect(throws: SystemError.self) { try found[0].get() }
        if case .failure(let error) = found[0] { #expect("\(error)".contains("/proc/sys/net/ipv4/nothing")) }
        #expect(try found[1].get().read() == "0\n" || found[1].get().read() == "1\n")
    }
}

/// Several namespaces, which an array cannot hold.
private final class NetworkNamespaces {
    private let directory: NetnsDirectory

    init(count: Int) throws {
        directory = NetnsDirectory("/run/netns-of-settings-\(count)")
        for index in 0..<count { try directory.create("n\(index)") }
    }

    func visit(
        _ index: Int, _ body: (borrowing NetworkNamespace) throws(SystemError) -> Void
    ) throws(SystemError) {
        try body(directory.open("n\(index)"))
    }

    deinit { try? directory.removeAll() }
}
