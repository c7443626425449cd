import Netlink
import NetworkState

extension OpenNamespace {
    func setNetem(_ impairment: Impairment, on link: LinkName) throws(ApplyError.Cause) {
        try send(QdiscCodec.netem(impairment, on: known(link)))
    }

    func setTBF(rate: UInt64, on link: LinkName) throws(ApplyError.Cause) {
        try send(QdiscCodec.tbf(rate: rate, on: known(link)))
    }

    func setRandomDrop(_ loss: Double, on link: LinkName) throws(ApplyError.Cause) {
        _ = try nft(RandomDrop.replacement(loss, on: link))
    }

    /// Takes away what impairs `link`, and nobody else's queue.
    func clearQueue(of link: LinkName) throws(ApplyError.Cause) {
        let index = try known(link)
        if try queues()[link] != nil { try send(QdiscCodec.removal(on: index)) }
    }

    func clearRandomDrop(on link: LinkName) throws(ApplyError.Cause) {
        if droppingLinks.contains(link) { _ = try nft(RandomDrop.removal(on: link)) }
    }

    /// By what the queues at links' roots do.
    func queues() throws(ApplyError.Cause) -> [LinkName: Impairment] {
        do throws(NetlinkError) {
            _ = try links()
            let found = try dump(QdiscCodec.dump(), QdiscCodec.read)
            return Dictionary(
                found.compactMap { index, impairment in indices.known(index).map { ($0, impairment) } },
                uniquingKeysWith: { $1 })
        } catch { throw .netlink(error) }
    }

    /// None where the kernel has no such tables.
    var droppingLinks: [LinkName] { (try? nft("list tables netdev")).map(RandomDrop.links) ?? [] }

    func loss(on link: LinkName) throws(ApplyError.Cause) -> Double? {
        RandomDrop.loss(in: try nft(RandomDrop.listing(of: link)))
    }

    private func known(_ link: LinkName) throws(ApplyError.Cause) -> UInt32 {
        do throws(NetlinkError) {
            if let index = try index(of: link) { return index }
        } catch { throw .netlink(error) }
        throw .missingLink(link)
    }

    func send(_ request: Message) throws(ApplyError.Cause) {
        do throws(NetlinkError) {
            var batch = MessageBatch()
            batch.append(request)
            if let refusal = try execute(batch).first { throw refusal.error }
        } catch { throw .netlink(error) }
    }
}
