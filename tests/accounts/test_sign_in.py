def test_the_right_password_opens_the_home_page(client, cast):
    response = client.post(
        "/accounts/sign-in/", {"username": "anji", "password": "correct horse battery"}
    )
    assert (response.status_code, response.url) == (302, "/")


def test_a_wrong_password_says_so_in_chinese_and_keeps_the_name(client, cast):
    response = client.post("/accounts/sign-in/", {"username": "anji", "password": "wrong"})
    assert response.status_code == 422
    assert "用户名或密码不对" in response.text
    assert 'value="anji"' in response.text
