<?php
/**
 * Tells Parcours of carts, orders, credit slips and customers, signed. PrestaShop 1.7 to 9.
 *
 * What happens is first written to a table of the shop, and sent when the page has been delivered: a buyer
 * never waits for Parcours, and nothing is lost while it can't be reached.
 *
 * @license Apache-2.0
 */
if (!defined('_PS_VERSION_')) {
    exit;
}

class Parcours extends Module
{
    const URL = 'PARCOURS_URL';
    const SECRET = 'PARCOURS_SECRET';
    const HOOKS = [
        'actionCartSave',
        'actionValidateOrder',
        'actionOrderStatusPostUpdate',
        'actionOrderSlipAdd',
        'actionCustomerAccountAdd',
        'actionObjectCustomerUpdateAfter',
    ];
    const AT_ONCE = 20;
    const SECONDS = 5;

    private $sendsLater = false;

    public function __construct()
    {
        $this->name = 'parcours';
        $this->tab = 'analytics_stats';
        $this->version = '1.0.0';
        $this->author = 'Parcours';
        $this->need_instance = 0;
        $this->bootstrap = true;
        $this->ps_versions_compliancy = ['min' => '1.7.0.0', 'max' => '9.99.99'];
        parent::__construct();
        $this->displayName = 'Parcours';
        $this->description = $this->l('Tells your customer journey of carts, orders and refunds.');
    }

    public function install()
    {
        return parent::install()
            && $this->registerHook(self::HOOKS)
            && Db::getInstance()->execute(
                'CREATE TABLE IF NOT EXISTS `' . $this->table() . '` ('
                . '`id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,'
                . ' `delivery` CHAR(32) NOT NULL, `body` MEDIUMTEXT NOT NULL'
                . ') ENGINE=' . _MYSQL_ENGINE_ . ' DEFAULT CHARSET=utf8mb4'
            );
    }

    public function uninstall()
    {
        Configuration::deleteByName(self::URL);
        Configuration::deleteByName(self::SECRET);

        return Db::getInstance()->execute('DROP TABLE IF EXISTS `' . $this->table() . '`') && parent::uninstall();
    }

    public function getContent()
    {
        $note = '';
        if (Tools::isSubmit('submitParcours')) {
            $url = trim((string) Tools::getValue('url'));
            $secret = trim((string) Tools::getValue('secret'));
            if (!preg_match('#^https://#', $url)) {
                $note = $this->displayError($this->l('The address must begin with https://'));
            } else {
                Configuration::updateValue(self::URL, $url);
                if ($secret !== '') {
                    Configuration::updateValue(self::SECRET, $secret);
                }
                $note = $this->displayConfirmation($this->l('Saved.'));
            }
        }
        $url = htmlspecialchars((string) Configuration::get(self::URL), ENT_QUOTES);
        $kept = Configuration::get(self::SECRET) ? $this->l('stored; empty keeps it') : '';

        return $note . '<form method="post" class="panel">'
            . '<p>' . $this->l('Both are shown in Parcours under Listen, Shops.') . '</p>'
            . '<label>' . $this->l('Address') . ' <input name="url" value="' . $url . '"></label>'
            . '<label>' . $this->l('Secret') . ' <input name="secret" autocomplete="off" placeholder="'
            . htmlspecialchars($kept, ENT_QUOTES) . '"></label>'
            . '<button class="btn btn-primary" name="submitParcours" value="1">' . $this->l('Save') . '</button></form>';
    }

    public function hookActionCartSave($params)
    {
        $cart = isset($params['cart']) ? $params['cart'] : null;
        if (!Validate::isLoadedObject($cart)) {
            return;
        }
        $rows = [];
        foreach ($cart->getProducts() as $product) {
            $rows[] = [
                'id_product' => $product['id_product'],
                'id_product_attribute' => $product['id_product_attribute'],
                'quantity' => $product['cart_quantity'],
                'name' => $product['name'],
            ];
        }
        $this->tell('cart', $this->plain($cart, ['id_customer', 'id_carrier', 'date_add', 'date_upd'])
            + ['associations' => ['cart_rows' => $rows]]);
    }

    public function hookActionValidateOrder($params)
    {
        $this->tellOrder($params['order'], isset($params['orderStatus']) ? $params['orderStatus'] : null);
    }

    public function hookActionOrderStatusPostUpdate($params)
    {
        $this->tellOrder(new Order((int) $params['id_order']), $params['newOrderStatus']);
    }

    public function hookActionOrderSlipAdd($params)
    {
        $order = $params['order'];
        $slips = OrderSlip::getOrdersSlip((int) $order->id_customer, (int) $order->id);
        usort($slips, function ($one, $other) {
            return $one['id_order_slip'] - $other['id_order_slip'];
        });
        if ($slips) {
            $slip = end($slips);
            $this->tell('order_slip', ['id' => $slip['id_order_slip']] + $slip, $this->beside($order));
        }
    }

    public function hookActionCustomerAccountAdd($params)
    {
        $this->tellCustomer($params['newCustomer']);
    }

    public function hookActionObjectCustomerUpdateAfter($params)
    {
        $this->tellCustomer($params['object']);
    }

    private function tellCustomer($customer)
    {
        $this->tell('customer', $this->customer($customer));
    }

    private function tellOrder($order, $state)
    {
        if (!Validate::isLoadedObject($order)) {
            return;
        }
        $rows = [];
        foreach ($order->getProductsDetail() as $row) {
            $rows[] = array_intersect_key($row, array_flip([
                'product_id', 'product_attribute_id', 'product_quantity', 'product_name', 'product_reference',
                'unit_price_tax_incl',
            ]));
        }
        $fields = [
            'id_cart', 'id_customer', 'id_address_delivery', 'current_state', 'reference', 'date_add', 'date_upd',
            'payment', 'total_discounts', 'total_paid', 'total_paid_tax_incl', 'total_paid_tax_excl',
            'total_shipping', 'shipping_number',
        ];
        $body = $this->plain($order, $fields) + ['associations' => ['order_rows' => $rows]];
        if (Validate::isLoadedObject($state)) {
            // While an order is made, the order itself doesn't know its state yet.
            $body['current_state'] = $state->id;
        }
        $this->tell('order', $body, $this->beside($order) + ['state' => $state ? $this->state($state) : null]);
    }

    private function state($state)
    {
        return $this->plain($state, ['template', 'shipped', 'paid']);
    }

    private function beside($order)
    {
        $currency = new Currency((int) $order->id_currency);
        $customer = new Customer((int) $order->id_customer);

        return ['currency' => $currency->iso_code, 'customer' => $this->customer($customer)];
    }

    private function customer($customer)
    {
        // Never more than this: the object also holds the password's hash.
        return $this->plain($customer, [
            'firstname', 'lastname', 'email', 'birthday', 'newsletter', 'newsletter_date_add', 'is_guest', 'company',
            'date_add', 'date_upd',
        ]);
    }

    private function plain($object, array $fields)
    {
        $found = ['id' => $object->id];
        foreach ($fields as $field) {
            $found[$field] = isset($object->$field) ? $object->$field : null;
        }

        return $found;
    }

    /** Keeps it in the shop's own table, in the shop's transaction if there is one; it is sent afterwards. */
    private function tell($topic, array $object, array $beside = [])
    {
        $body = json_encode(['topic' => $topic, $topic => $object] + $beside, JSON_INVALID_UTF8_SUBSTITUTE);
        Db::getInstance()->insert('parcours_outbox', [
            'delivery' => bin2hex(random_bytes(16)),
            'body' => pSQL($body, true),
        ]);
        if (!$this->sendsLater) {
            $this->sendsLater = true;
            register_shutdown_function([$this, 'send']);
        }
    }

    /** Sends what waits, the oldest first; the first failure ends it, and the next page tries again. */
    public function send()
    {
        $url = (string) Configuration::get(self::URL);
        $secret = (string) Configuration::get(self::SECRET);
        if ($url === '' || $secret === '') {
            return;
        }
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        }
        $waiting = Db::getInstance()->executeS(
            'SELECT `id`, `delivery`, `body` FROM `' . $this->table() . '` ORDER BY `id` LIMIT ' . self::AT_ONCE
        );
        foreach ($waiting ?: [] as $row) {
            if (!$this->post($url, $secret, $row)) {
                return;
            }
            Db::getInstance()->delete('parcours_outbox', '`id` = ' . (int) $row['id']);
        }
    }

    private function post($url, $secret, array $row)
    {
        $time = (string) time();
        $signature = hash_hmac('sha256', $time . '.' . $row['body'], $secret);
        $call = curl_init($url);
        curl_setopt_array($call, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $row['body'],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => self::SECONDS,
            CURLOPT_HTTPHEADER => [
                'Content-Type: application/json',
                'X-Parcours-Delivery: ' . $row['delivery'],
                'X-Parcours-Signature: t=' . $time . ',v1=' . $signature,
            ],
        ]);
        curl_exec($call);
        $status = (int) curl_getinfo($call, CURLINFO_HTTP_CODE);
        curl_close($call);

        // 413 can never get better; anything else is kept and tried again.
        return ($status >= 200 && $status < 300) || $status === 413;
    }

    private function table()
    {
        return _DB_PREFIX_ . 'parcours_outbox';
    }
}
